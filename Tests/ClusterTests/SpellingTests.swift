import Testing

@testable import Cluster

struct SpellingTests {
  let keys = ["node", "address", "haproxy", "nginx", "keepalived", "via", "role", "of", "runs"]

  @Test(arguments: [
    ("adress", "address"), ("addres", "address"), ("haporxy", "haproxy"), ("HAProxy", "haproxy"),
    ("nod", "node"), ("ndoe", "node"), ("vai", "via"), ("keep-alived", "keepalived"), ("fo", "of"),
  ])
  func aMisspeltWordFindsWhatWasMeant(word: String, meant: String) {
    #expect(nearest(to: word, in: keys) == meant)
  }

  @Test(arguments: ["", "x", "password", "database", "ginger ale"])
  func aStrangeWordFindsNothing(word: String) {
    #expect(nearest(to: word, in: keys) == nil)
  }

  @Test func theNearestWinsAndAmongEqualsTheFirst() {
    #expect(nearest(to: "web11", in: ["web1", "web12", "web111"]) == "web1")
    #expect(nearest(to: "lb3", in: ["db3", "lb1", "lb2"]) == "db3")
    #expect(nearest(to: "keep-up", in: ["keep_ups", "keep_up"]) == "keep_up")
  }

  @Test func aHugeWordCostsNothing() {
    let huge = String(repeating: "a", count: 1_000_000)
    #expect(nearest(to: huge, in: keys) == nil)
  }
}
