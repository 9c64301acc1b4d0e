import Cluster
import Testing
import Wire

@Suite struct ProxyInfoTests {
  static func info(_ bytes: [UInt8]) throws(ReplyFault) -> ProxyInfo { try ProxyInfo(parsing: bytes.span) }

  @Test func theRecordedInformationIsRead() throws {
    let info = try Self.info(try Fixture.bytes("haproxy/2.6.12/lb1_show_info.txt"))
    var wanted = ProxyInfo(version: "2.6.12-1+deb12u4", node: "lb1")
    wanted.pid = 5732
    wanted.uptimeSeconds = 4
    wanted.startTimeSeconds = 1_795_252_366
    wanted.threads = 1
    wanted.processes = 1
    wanted.maxConnections = 2000
    wanted.currentConnections = 0
    wanted.idlePercent = 100
    wanted.stopping = 0
    #expect(info == wanted)
  }

  @Test func anOldWorkerSaysThatItIsStopping() throws {
    #expect(
      try Self.info(try Fixture.bytes("haproxy/2.6.12/show_info_old_worker_stopping.txt")).stopping == 1)
  }

  @Test func informationCutAnywhereIsTruncatedOrNone() throws {
    let bytes = try Fixture.bytes("haproxy/2.6.12/lb1_show_info_under_load.txt")
    for cut in bytes.indices {
      do {
        _ = try Self.info(Array(bytes[..<cut]))
        Issue.record("cut at \(cut)")
      } catch {
        switch error {
        case .truncated, .notInfo: break
        default: Issue.record("cut at \(cut): \(error)")
        }
      }
    }
  }

  @Test func anotherReplyIsNoInformation() {
    #expect(throws: ReplyFault.notInfo(beginning: "Permission denied")) {
      try Self.info(Array("Permission denied\n\n".utf8))
    }
    #expect(throws: ReplyFault.notInfo(beginning: "")) { try Self.info([]) }
  }

  @Test func oddFiguresAreAbsentAndTextsSanitised() throws {
    let info = try Self.info(
      Array("Version: 9\u{1B}c\nPid: x\nCurrConns: 99999999999999999999\nnode:\npid: 3\n\n".utf8))
    #expect(info.version == "9␛c")
    #expect(info.pid == nil)
    #expect(info.currentConnections == .max)
    #expect(info.node == "")
  }
}
