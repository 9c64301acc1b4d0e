import Foundation
import Testing

extension ProgramTests {
  /// What somebody waits for comes before what is kept for later.
  @Suite struct PictureTests {
    private static let stat = """
      # pxname,svname,scur,stot,status,weight,type,addr,
      web,s1,1,9,UP,1,2,10.0.0.1:80,
      web,s2,1,9,UP,1,2,10.0.0.2:80,
      web,BACKEND,2,18,UP,2,1,,
      """

    /// The disk of a record may be slow; here it does not answer at all.
    @Test func aPictureIsOnTheScreenBeforeItsFrameIsRecorded() throws {
      let reply =
        "admin\n\n\nName: HAProxy\nVersion: 2.6.12\nPid: 7\n\n\(PictureTests.stat)\n\nPermission denied\n\n"
      let peer = try HostilePeer(saying: Array(reply.utf8))
      // In memory: other file systems may know no leases.
      let home = "/dev/shm/tt-picture-\(getpid())"
      defer { try? FileManager.default.removeItem(atPath: home) }
      func dashboard() throws -> RawTerminal {
        try RawTerminal(
          ["--socket", peer.path, "--interval", "100ms"], environment: ["XDG_STATE_HOME": home])
      }
      let first = try dashboard()
      #expect(first.says("LIVE", "recorded here"))
      first.type("q")
      try #require(first.ends())

      let files = try FileManager.default.contentsOfDirectory(atPath: home + "/tiertop")
      let store = try #require(files.first { $0.hasSuffix(".db") })
      let holder = try LeaseHolder(home + "/tiertop/" + store)
      let second = try dashboard()
      // From now on it waits for its record.
      try #require(holder.isAsked())
      #expect(second.says("LIVE", "s1", "s2", within: 20))
      #expect(!second.says("recorded here", within: 0))
      holder.letGo()
      #expect(second.says("recorded here"))
      second.type("q")
      try #require(second.ends())
      #expect(second.isGivenBack)
    }
  }
}
