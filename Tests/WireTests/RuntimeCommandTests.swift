import Cluster
import Testing
import Wire

@Suite struct RuntimeCommandTests {
  static func text(_ commands: [RuntimeCommand]) throws(RuntimeCommand.Invalid) -> String {
    String(decoding: try RuntimeCommand.line(commands), as: UTF8.self)
  }

  @Test func aPollIsOneLine() throws {
    #expect(
      try Self.text(RuntimeCommand.poll) == "show cli level;operator;show info;show stat;show servers state\n"
    )
    #expect(try RuntimeCommand.line(RuntimeCommand.poll) == RuntimeCommand.pollLine)
    #expect(try Self.text([.lower(to: .operator), .showStat]) == "operator;show stat\n")
  }

  @Test func changesNameTheirServer() throws {
    let server = ServerID(backend: "web_1", server: "10.0.0.1:80-a")
    #expect(try Self.text([.setState(server, .drain)]) == "set server web_1/10.0.0.1:80-a state drain\n")
    #expect(try Self.text([.setWeight(server, 256)]) == "set server web_1/10.0.0.1:80-a weight 256\n")
  }

  @Test(arguments: [
    "", "a b", "a;b", "a\nb", "a\\b", "a/b", "a\u{0}", "ä", "a\t", "a\u{1B}", "␊", "\u{202E}a",
    "a;disable server b/c", String(repeating: "a", count: 10_240),
  ])
  func aNameThatCouldMeanMoreIsRefused(name: String) {
    let server = ServerID(backend: "web", server: name)
    #expect(throws: RuntimeCommand.Invalid.name(server)) { try Self.text([.setState(server, .drain)]) }
    let backend = ServerID(backend: name, server: "web1")
    #expect(throws: RuntimeCommand.Invalid.name(backend)) { try Self.text([.setWeight(backend, 1)]) }
  }

  @Test func aWeightIsWithinHAProxysRange() {
    let server = ServerID(backend: "b", server: "s")
    #expect(throws: RuntimeCommand.Invalid.weight(257)) { try Self.text([.setWeight(server, 257)]) }
    #expect(throws: RuntimeCommand.Invalid.weight(-1)) { try Self.text([.setWeight(server, -1)]) }
  }
}
