import Cluster
import Testing

@Suite struct ResetTests {
  private func process(_ pid: Int64, requests: Int64) -> Reading.Outcome {
    balancer(web1: [.reqTot: requests], frontend: [.reqTot: requests]) { $0.pid = pid }
  }

  @Test func aReloadIsAGapAndAnEventAndNeverANegativeRate() {
    var script = ClusterScript.pair()
    script.tick([0: process(1, requests: 1000)])
    script.tick([0: process(1, requests: 1010)])
    script.tick([0: process(2, requests: 3)])
    #expect(script.node("web1").traffic.requests == nil)
    #expect(script.node("web1").traffic.qps == nil)
    #expect(script.node("web1").isReset)
    #expect(script.node("lb1").isReset)
    #expect(script.changes(of: "lb1") == [.reset(.haproxy, reason: .newProcess(pid: 2))])
    script.tick([0: process(2, requests: 10)])
    #expect(script.node("web1").traffic.requests == 7)
    #expect(!script.node("web1").isReset)
  }

  @Test func aNewProcessThatAlreadyCountsMoreIsStillAReset() {
    var script = ClusterScript.pair()
    script.tick([0: process(1, requests: 10)])
    script.tick([0: process(2, requests: 500)])
    #expect(script.node("web1").traffic.requests == nil)
  }

  @Test func withoutProcessInformationAFrontendThatCountsLessTells() {
    var script = ClusterScript.pair()
    func page(_ requests: Int64, like: Reading.Outcome? = nil) -> Reading.Outcome {
      var proxy = ProxyScript()
      proxy.info = false
      proxy.proxy("www", .frontend, status: "OPEN", [.reqTot: requests])
      proxy.server("web", "web1", "10.0.2.11:80", [.reqTot: requests])
      return proxy.sample(like: like)
    }
    let first = page(100)
    script.tick([0: first])
    script.tick([0: page(3, like: first)])
    #expect(script.node("web1").traffic.requests == nil)
    #expect(script.changes(of: "lb1") == [.reset(.haproxy, reason: .counterFell)])
  }

  @Test func aSingleServerThatCountsLessIsAGapOfItsOwn() {
    var script = ClusterScript.pair()
    script.tick([0: balancer(web1: [.reqTot: 100], web2: [.reqTot: 100])])
    script.tick([0: balancer(web1: [.reqTot: 2], web2: [.reqTot: 110])])
    #expect(script.node("web1").traffic.requests == nil)
    #expect(script.node("web2").traffic.requests == 10)
    #expect(script.events.isEmpty)
  }

  @Test func severalProcessesBehindOnePathAreSaidAndNotCounted() {
    var script = ClusterScript.pair()
    for round in 0..<4 {
      script.tick([0: process(round.isMultiple(of: 2) ? 1 : 2, requests: Int64(round * 100))])
    }
    #expect(script.node("lb1").verdict == Verdict(.degraded, .severalProcesses))
    #expect(script.node("lb1").traffic.requests == nil)
    // Each answer is another one's: that is one piece of news, and not one a second.
    for round in 4..<24 {
      script.tick([0: process(round.isMultiple(of: 2) ? 1 : 2, requests: Int64(round * 100))])
      #expect(script.events.isEmpty)
    }
    for round in 24..<34 { script.tick([0: process(2, requests: Int64(round * 100))]) }
    #expect(script.node("lb1").verdict.state == .up)
  }

  @Test func aServerThatIsAddedLeavesTheOthersTheirRates() {
    var script = ClusterScript.pair()
    func rows(_ requests: Int64, withNew: Bool) -> Reading.Outcome {
      var proxy = ProxyScript()
      if withNew { proxy.server("web", "web0", "10.0.2.10:80", [.reqTot: 5]) }
      proxy.server("web", "web1", "10.0.2.11:80", [.reqTot: requests])
      return proxy.sample()
    }
    script.tick([0: rows(100, withNew: false)])
    script.tick([0: rows(110, withNew: true)])
    #expect(script.node("web1").traffic.requests == 10)
    #expect(script.node("web0").traffic.requests == nil)
    #expect(script.changes(of: "web0") == [.appeared])
    script.tick([0: rows(120, withNew: false)])
    #expect(script.changes(of: "web0") == [.vanished])
    #expect(script.node("web1").traffic.requests == 10)
  }

  @Test func theFirstLookIsNoNews() {
    var script = ClusterScript.pair()
    script.tick([
      0: balancer {
        $0.server("web", "web3", "10.0.2.13:80", status: "DOWN", check: "L4CON")
      }
    ])
    #expect(script.events.isEmpty)
  }
}
