import Foundation
import Testing

extension ProgramTests {
  /// A password is told to whom it is for, and to nobody else.
  @Suite struct SecretTests {
    @Test func aPasswordGoesToItsPageAndNowhereElse() throws {
      let secrets = ["FromEnvironment7Z", "FromFile8Q"]
      let answer = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
      let pages = try secrets.map { _ in try HostilePeer(saying: Array(answer.utf8)) }
      let memory = try OwnMemory()
      let file = memory.directory.appendingPathComponent("password").path
      try "\(secrets[1])\n".write(toFile: file, atomically: true, encoding: .utf8)
      let layout = memory.directory.appendingPathComponent("layout.yaml").path
      try """
      cluster: guarded
      interval: 300ms
      tiers:
        - tier: lb
          nodes:
            - { node: lb1, haproxy: { url: "http+unix://\(pages[0].path):/stats", user: someone, password_env: TT_SECRET } }
            - { node: lb2, haproxy: { url: "http+unix://\(pages[1].path):/stats", user: someone, password_file: "\(file)" } }

      """.write(toFile: layout, atomically: true, encoding: .utf8)
      let environment = ["TT_SECRET": secrets[0]]
      let encoded = secrets.map { Data("someone:\($0)".utf8).base64EncodedString() }
      var said = Data()

      let agent = try RunningAgent([layout], in: memory, environment: environment)
      #expect(agent.says("lb1", "401"), "\(agent.log)")
      #expect(agent.says("lb2", "401"), "\(agent.log)")
      // What it was started with is for everybody to see.
      said +=
        FileManager.default.contents(atPath: "/proc/\(agent.process.processIdentifier)/cmdline") ?? Data()
      let saved = memory.directory.appendingPathComponent("a.tiertop").path
      #expect(holds { (try? memory.tiertop(["export", layout, saved, "--force"]).status) == 0 })
      for words in [["once", layout], ["once", "--json", layout], ["layout", "check", layout]] {
        let outcome = try memory.tiertop(words, environment: environment)
        said += Data((outcome.output + outcome.errors).utf8)
      }
      for words in [["events", "--store", saved, "--json"], ["events", layout]] {
        let outcome = try memory.tiertop(words)
        said += Data((outcome.output + outcome.errors).utf8)
      }
      let terminal = try RawTerminal([layout], width: 140, memory: memory, environment: environment)
      #expect(terminal.says("401"))
      terminal.type("\r")
      #expect(terminal.goesOn())
      terminal.send(SIGTERM)
      #expect(terminal.ends())
      said += Data(terminal.bytes)
      #expect(agent.end() == 0)
      said += Data(agent.log.joined(separator: "\n").utf8)
      // All that is left of it, but for the file that the user has made.
      let left = FileManager.default.enumerator(atPath: memory.directory.path)?.allObjects as? [String] ?? []
      #expect(left.contains { $0.hasSuffix(".db") } && left.contains("a.tiertop"), "\(left)")
      for name in left where name != "password" {
        said += FileManager.default.contents(atPath: memory.directory.path + "/" + name) ?? Data()
      }
      for place in secrets.indices {
        #expect(pages[place].heard.contains("Authorization: Basic \(encoded[place])"))
        #expect(said.range(of: Data(secrets[place].utf8)) == nil, "\(secrets[place])")
        #expect(said.range(of: Data(encoded[place].utf8)) == nil, "\(encoded[place])")
      }
    }
  }
}
