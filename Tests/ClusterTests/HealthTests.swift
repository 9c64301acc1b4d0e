import Cluster
import Testing

@Suite struct HealthTests {
  /// What both load balancers say of web1; web2 is up.
  private func verdict(_ first: (String, String), _ second: (String, String)) -> Verdict {
    func one(_ word: (String, String)) -> Reading.Outcome {
      var proxy = ProxyScript()
      proxy.server("web", "web1", "10.0.2.11:80", status: word.0, check: word.1)
      proxy.server("web", "web2", "10.0.2.12:80")
      return proxy.sample()
    }
    var script = ClusterScript.pair()
    script.tick([0: one(first), 1: one(second)])
    return script.node("web1").verdict
  }

  @Test func upOnAllIsUp() {
    #expect(verdict(("UP", "L7OK"), ("UP", "L7OK")) == Verdict(.up))
    #expect(verdict(("no check", ""), ("no check", "")) == Verdict(.up))
  }

  @Test func justStartedIsUp() {
    #expect(verdict(("UP 1/2", "INI"), ("UP", "L7OK")) == Verdict(.up))
    #expect(verdict(("UP 1/2", "* INI"), ("UP", "L7OK")) == Verdict(.up))
  }

  @Test func onTheWayDownIsDegraded() {
    #expect(verdict(("UP 2/3", "L4CON"), ("UP", "L7OK")) == Verdict(.degraded, .goingDown(passed: 2, of: 3)))
  }

  @Test func downOnAllIsDownWithTheCheckThatFailed() {
    #expect(
      verdict(("DOWN", "L4CON"), ("DOWN", "L4CON")) == Verdict(.down, .check(code: "L4CON", words: "")))
    #expect(verdict(("DOWN 1/2", "L7OK"), ("DOWN", "L4CON")).reason == .comingUp(passed: 1, of: 2))
    #expect(verdict(("DOWN (agent)", "L7OK"), ("DOWN (agent)", "L7OK")).state == .down)
  }

  @Test func whatIsLeftOnADrainedServerIsCountedWhetherOrNotItHasALimit() {
    var script = ClusterScript.pair()
    var proxy = ProxyScript()
    proxy.server("web", "web1", "10.0.2.11:80", status: "DRAIN", [.scur: 41])
    script.tick([0: proxy.sample(), 1: proxy.sample()])
    #expect(script.node("web1").verdict == Verdict(.draining, .sessionsLeft(82)))
  }

  @Test func downOnOneOfTwoIsDegraded() {
    #expect(
      verdict(("DOWN", "L4CON"), ("UP", "L7OK"))
        == Verdict(.degraded, .disagreement(state: .down, count: 1, of: 2)))
  }

  @Test func drainedOnOneOfTwoSaysSo() {
    #expect(
      verdict(("DRAIN", "L7OK"), ("UP", "L7OK"))
        == Verdict(.draining, .disagreement(state: .draining, count: 1, of: 2)))
    #expect(verdict(("DRAIN", "L7OK"), ("DRAIN", "L7OK")) == Verdict(.draining, .sessionsLeft(0)))
    #expect(verdict(("NOLB", "L7STS"), ("NOLB", "L7STS")).state == .draining)
  }

  @Test func maintenanceSaysWhereItComesFrom() {
    #expect(verdict(("MAINT", ""), ("MAINT", "")) == Verdict(.maint))
    #expect(
      verdict(("MAINT (via web/web9)", ""), ("MAINT (via web/web9)", "")).reason
        == .maintenance(words: "MAINT (via web/web9)"))
  }

  @Test func aWordThatNoVersionKnowsIsUnknown() {
    #expect(verdict(("FROBNICATED", ""), ("FROBNICATED", "")).state == .unknown)
  }

  @Test func weightZeroIsASoftDrain() {
    var script = ClusterScript.pair()
    script.tick([0: balancer(web1: [.uweight: 0])])
    #expect(script.node("web1").verdict == Verdict(.draining, .zeroWeight))
  }

  @Test func drainIsSeenInTheAdminStateEvenWhereTheCheckFails() {
    var proxy = ProxyScript()
    proxy.server("web", "web1", "10.0.2.11:80", status: "DOWN", check: "L4CON")
    proxy.admin[ServerID(backend: "web", server: "web1")] = .forcedDrain
    var script = ClusterScript.pair()
    script.tick([0: proxy.sample()])
    #expect(script.node("web1").verdict.state == .down)
    #expect(script.model.snapshot.servers.first?.admin == .drain)
  }

  @Test func inOneOfItsBackendsDownIsDegradedWithItsName() {
    var proxy = ProxyScript()
    proxy.server("web", "web1", "10.0.2.11:80")
    proxy.server("static", "web1", "10.0.2.11:80", status: "DOWN", check: "L4CON")
    var script = ClusterScript.pair()
    script.tick([0: proxy.sample()])
    let id = ServerID(backend: "static", server: "web1")
    #expect(script.node("web1").verdict == Verdict(.degraded, .server(id, state: .down, count: 1, of: 2)))
  }

  // MARK: Figures

  @Test func anErrorRateAboveTheLimitIsDegradedOnceThereIsEnoughToJudge() {
    var script = ClusterScript.pair()
    script.tick([0: balancer()])
    script.tick([0: balancer(web1: [.reqTot: 5, .hrsp5xx: 5])])
    #expect(script.node("web1").verdict.state == .up)
    script.tick([0: balancer(web1: [.reqTot: 20, .hrsp5xx: 10])])
    #expect(script.node("web1").verdict == Verdict(.degraded, .errorRate(0.5, limit: 0.02)))
  }

  @Test func manyErrorsInOneTickNeedNoWindowToBeSeen() {
    var script = ClusterScript.pair()
    var (requests, total) = (Int64(0), Int64(0))
    func tick(errors: Int64) {
      requests += 40
      total += errors
      script.tick([0: balancer(web1: [.reqTot: requests, .hrsp5xx: total])])
    }
    for _ in 0..<12 { tick(errors: 0) }
    tick(errors: 5)
    #expect(script.node("web1").verdict == Verdict(.degraded, .errorRate(0.125, limit: 0.02)))
  }

  @Test func errorsThatWouldHaveComeAgainByNowAreOver() {
    var script = ClusterScript.pair()
    script.tick([0: balancer()])
    script.tick([0: balancer(web1: [.reqTot: 40, .hrsp5xx: 20])])
    #expect(script.node("web1").verdict.state == .degraded)
    // Three more would have been chance; of forty, half should have failed.
    script.tick([0: balancer(web1: [.reqTot: 43, .hrsp5xx: 20])])
    #expect(script.node("web1").verdict.state == .degraded)
    script.tick([0: balancer(web1: [.reqTot: 80, .hrsp5xx: 20])])
    #expect(script.node("web1").verdict == Verdict(.up))
    // One more is one, and does not bring those of before back.
    script.tick([0: balancer(web1: [.reqTot: 120, .hrsp5xx: 21])])
    #expect(script.node("web1").verdict == Verdict(.up))
  }

  @Test func oldErrorsAreForgottenAfterTheWindow() {
    var script = ClusterScript.pair()
    script.tick([0: balancer()])
    for second in 1...11 {
      script.tick([0: balancer(web1: [.reqTot: 40 + Int64(second), .hrsp5xx: 4])])
      if second < 10 { #expect(script.node("web1").verdict.state == .degraded) }
    }
    #expect(script.node("web1").verdict.state == .up)
  }

  @Test func limitsOfATierAndOfANodeGoBeforeTheDefaults() {
    var slow = HealthLimits.Changes()
    slow.latency = .milliseconds(50)
    var slower = HealthLimits.Changes()
    slower.latency = .milliseconds(500)
    let policy = HealthPolicy(tiers: [TierName("web"): slow], nodes: [NodeName("web2"): slower])
    var script = ClusterScript.pair(health: policy)
    script.tick([0: balancer()])
    script.tick([0: balancer(web1: [.reqTot: 1, .rtime: 100], web2: [.reqTot: 1, .rtime: 100])])
    #expect(script.node("web1").verdict == Verdict(.degraded, .latency(100, limit: 50)))
    #expect(script.node("web2").verdict.state == .up)
  }

  @Test func aNodeThatIsMuchSlowerThanTheOthersIsDegradedBelowAnyLimit() {
    var script = ClusterScript.pair()
    script.tick([0: balancer()])
    script.tick([
      0: balancer(web1: [.reqTot: 50, .rtime: 300, .scur: 12], web2: [.reqTot: 50, .rtime: 9, .scur: 1])
    ])
    #expect(script.node("web1").verdict == Verdict(.degraded, .slowerThanOthers(300, others: 9)))
    #expect(script.node("web2").verdict == Verdict(.up))
    // Where all are slow, none is slower than the others.
    script.tick([
      0: balancer(
        web1: [.reqTot: 100, .rtime: 300, .scur: 12], web2: [.reqTot: 9000, .rtime: 290, .scur: 12])
    ])
    #expect(script.node("web1").verdict == Verdict(.up))
  }

  @Test func oneAnswerThatTookLongIsNoSlowness() {
    var script = ClusterScript.pair()
    script.tick([0: balancer(web1: [.reqTot: 1000, .rtime: 9], web2: [.reqTot: 1000, .rtime: 9])])
    script.tick([0: balancer(web1: [.reqTot: 1050, .rtime: 9], web2: [.reqTot: 1050, .rtime: 9])])
    // One of fifty took ten seconds; nobody else waits.
    script.tick([
      0: balancer(
        web1: [.reqTot: 1100, .rtime: 28, .scur: 0], web2: [.reqTot: 1100, .rtime: 9, .scur: 0])
    ])
    #expect(script.node("web1").traffic.latency ?? 0 > 100)
    #expect(script.node("web1").verdict == Verdict(.up))
  }

  @Test func aLongQueueAndFullSessionsAreDegraded() {
    var script = ClusterScript.pair()
    script.tick([0: balancer(web1: [.qcur: 11], web2: [.scur: 95, .slim: 100])])
    #expect(script.node("web1").verdict == Verdict(.degraded, .queue(11, limit: 10)))
    #expect(
      script.node("web2").verdict == Verdict(.degraded, .inUse(95, of: 100, .sessions, limit: 0.9)))
  }

  @Test func aFrontendThatTakesNoMoreConnectionsIsSaidThoughItsProcessCould() {
    var script = ClusterScript.pair()
    script.tick([0: balancer(frontend: [.scur: 400, .slim: 400])])
    #expect(
      script.node("lb1").verdict
        == Verdict(.degraded, .inUse(400, of: 400, .frontend("www"), limit: 0.9)))
    script.tick([0: balancer(frontend: [.scur: 300, .slim: 400])])
    #expect(script.node("lb1").verdict == Verdict(.up))
  }

  @Test func connectionsThatAreUsedUpGoBeforeWhatFollowsFromThat() {
    var script = ClusterScript.pair()
    script.tick([0: balancer()])
    script.tick([
      0: balancer(
        web1: [.reqTot: 100, .rtime: 5000, .hrsp5xx: 0], frontend: [.scur: 400, .slim: 400],
        backend: [.reqTot: 100, .rtime: 5000])
    ])
    #expect(
      script.node("lb1").verdict
        == Verdict(.degraded, .inUse(400, of: 400, .frontend("www"), limit: 0.9)))
  }

  @Test func aLoadBalancerWithADeadBackendIsDegraded() {
    var proxy = ProxyScript()
    proxy.proxy("api", .backend, status: "DOWN")
    var script = ClusterScript.pair()
    script.tick([0: proxy.sample()])
    #expect(script.node("lb1").verdict == Verdict(.degraded, .backendDown(backend: "api")))
  }

  // MARK: Age

  @Test func neverReadIsUnknownWithTheReason() {
    var script = ClusterScript.pair()
    script.tick([0: .failure(.refused), 1: .failure(.missing(path: "/run/lb2.sock"))])
    #expect(script.node("lb1").verdict == Verdict(.unknown, .neverRead(.refused)))
    #expect(script.node("web1").verdict == Verdict(.unknown, .notSeen))
    #expect(script.model.snapshot.total.qps == nil)
  }

  @Test func nothingNewerThanThreeIntervalsIsStaleAndKeepsItsLastValues() {
    var script = ClusterScript.pair()
    script.tick([0: balancer()])
    script.tick([0: balancer(web1: [.reqTot: 10, .scur: 4, .qcur: 2])])
    for _ in 0..<3 { script.tick([0: .failure(.timedOut(after: .milliseconds(500), received: 0))]) }
    #expect(script.node("web1").verdict.state == .up)
    script.tick([0: .failure(.refused)])
    #expect(script.node("web1").verdict == Verdict(.stale, .silent(.seconds(4), .refused)))
    #expect(script.node("lb1").verdict == Verdict(.stale, .silent(.seconds(4), .refused)))
    #expect(script.node("web1").traffic.qps == 10)
    #expect(script.node("web1").sessions == 4)
    #expect(script.node("web1").queue == 2)
    #expect(script.node("web1").age == .seconds(4))
    #expect(script.changes(of: "web1") == [.health(from: .up, to: script.node("web1").verdict)])
  }

  @Test func whileOneLoadBalancerIsSilentTheOtherSpeaksForTheNode() {
    var script = ClusterScript.pair()
    script.tick([0: balancer(), 1: balancer()])
    for requests: Int64 in 1...5 {
      script.tick([0: balancer(web1: [.reqTot: requests * 10]), 1: .failure(.refused)])
    }
    #expect(script.node("web1").verdict.state == .up)
    #expect(script.node("web1").traffic.qps == 10)
    #expect(script.node("lb2").verdict.state == .stale)
    #expect(script.model.snapshot.health == .degraded)
  }

  @Test func aNodeThatServesWhileItsOwnPageIsSilentIsUpWithAWord() {
    var layout = ClusterScript.pair().model.snapshot.topology.layout
    layout.tiers[1].nodes[0].nginx = .http(HTTPEndpoint(url: "http://10.0.2.11:8080/status"))
    var script = ClusterScript(layout)
    script.tick([0: balancer(), 2: .failure(.refused)])
    #expect(script.node("web1").verdict == Verdict(.up, .pageSilent(nil, .refused)))
  }

  @Test func lossAndReturnOfASourceAreEventsOnce() {
    var script = ClusterScript.pair()
    script.tick([0: balancer()])
    script.tick([0: .failure(.refused)])
    #expect(script.changes(of: "lb1") == [.sourceLost(.haproxy, .refused)])
    script.tick([0: .failure(.refused)])
    #expect(script.events.isEmpty)
    script.tick([0: balancer()])
    #expect(script.changes(of: "lb1") == [.sourceBack(.haproxy)])
  }

  @Test func whatAnOperatorDidIsAnEventOfTheLoadBalancer() {
    let id = ServerID(backend: "web", server: "web1")
    var script = ClusterScript.pair()
    script.tick([0: balancer()])
    script.tick([
      0: balancer(web1: [.uweight: 5]) {
        $0.admin[id] = .forcedDrain
        $0.rows[1].notes[.status] = "DRAIN"
      }
    ])
    #expect(
      script.changes(of: "lb1") == [
        .admin(id, from: .ready, to: .drain, by: nil), .weight(id, from: 1, to: 5, by: nil),
      ])
    #expect(script.changes(of: "web1") == [.health(from: .up, to: Verdict(.draining, .sessionsLeft(0)))])
    #expect(script.node("web1").since == script.moment.wall)
  }

  // MARK: The whole

  @Test func aTierWithoutAServingNodeIsDown() {
    var script = ClusterScript.pair()
    var proxy = ProxyScript()
    proxy.server("web", "web1", "10.0.2.11:80", status: "DOWN", check: "L4CON")
    proxy.server("web", "web2", "10.0.2.12:80", status: "MAINT", check: "")
    script.tick([0: proxy.sample(), 1: proxy.sample()])
    #expect(script.model.snapshot.health == .down)
  }

  @Test func whatAnOperatorTookOutIsAsItShouldBe() {
    var script = ClusterScript.pair()
    var proxy = ProxyScript()
    proxy.server("web", "web1", "10.0.2.11:80")
    proxy.server("web", "web2", "10.0.2.12:80", status: "MAINT", check: "")
    script.tick([0: proxy.sample(), 1: proxy.sample()])
    #expect(script.model.snapshot.health == .up)
  }

  @Test func nothingReadIsUnknown() {
    #expect(ClusterScript.pair().model.snapshot.health == .unknown)
  }
}
