import Cluster
import Testing
import Wire

@Suite struct FirewallCountersTests {
  @Test func theRecordedCountersAreRead() throws {
    let bytes = try Fixture.bytes("nftables/1.0.6/list_counters_json.txt")
    let counters = try FirewallCounters(parsing: bytes.span)
    #expect(counters.counters.count == 9)
    #expect(counters["lb_web_http"] == .init(name: "lb_web_http", packets: 1247, bytes: 74820))
    #expect(counters["drop_total"]?.packets == 36)
    #expect(counters["nothing"] == nil)
  }

  @Test func countersCutAnywhereAreAFault() throws {
    let bytes = try Fixture.bytes("nftables/1.0.6/list_counters_json.txt")
    let text = bytes.prefix { $0 != UInt8(ascii: "\n") }
    for cut in text.indices {
      #expect(throws: ReplyFault.self) { try FirewallCounters(parsing: Array(text[..<cut]).span) }
    }
  }

  @Test func anythingElseIsNotWhatNftablesSays() {
    for text in [
      "", "[]", "{\"nftables\": 1}", "{\"nftables\": [{\"counter\": {\"name\": \"x\"}}]}", "table inet",
    ] {
      #expect(throws: ReplyFault.notOf(.firewall, beginning: text)) {
        try FirewallCounters(parsing: Array(text.utf8).span)
      }
    }
  }
}
