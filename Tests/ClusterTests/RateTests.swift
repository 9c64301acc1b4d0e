import Cluster
import Testing

@Suite struct RateTests {
  @Test func aRateIsTheGrowthOverTheTimeBetweenTwoReadings() {
    var script = ClusterScript.pair()
    script.tick([0: balancer(web1: [.reqTot: 100])])
    script.tick([0: balancer(web1: [.reqTot: 150])], after: 2)
    #expect(script.node("web1").traffic.requests == 50)
    #expect(script.node("web1").traffic.qps == 25)
  }

  @Test func afterOneReadingThereIsNoRate() {
    var script = ClusterScript.pair()
    script.tick([0: balancer(web1: [.reqTot: 100])])
    #expect(script.node("web1").traffic == Traffic(latencyMax: nil))
  }

  @Test func whatTwoLoadBalancersSeeOfANodeAddsUp() {
    var script = ClusterScript.pair()
    script.tick([0: balancer(), 1: balancer()])
    script.tick([
      0: balancer(web1: [.reqTot: 10, .hrsp5xx: 1, .scur: 3]),
      1: balancer(web1: [.reqTot: 30, .hrsp5xx: 2, .scur: 4]),
    ])
    let web1 = script.node("web1")
    #expect(web1.traffic.requests == 40)
    #expect(web1.traffic.errors == 3)
    #expect(web1.sessions == 7)
    #expect(web1.traffic.qps == 40)
  }

  @Test func latenciesWeighByRequests() {
    var script = ClusterScript.pair()
    script.tick([0: balancer(), 1: balancer()])
    script.tick([
      0: balancer(web1: [.reqTot: 90, .rtime: 10]), 1: balancer(web1: [.reqTot: 10, .rtime: 110]),
    ])
    #expect(script.node("web1").traffic.latency == 20)
  }

  /// What HAProxy's average of its last 512 answers becomes with `count` more of them.
  private func average(_ before: Double, _ count: Int, of milliseconds: Double) -> Double {
    (0..<count).reduce(before) { average, _ in average + (milliseconds - average) / 512 }
  }

  @Test func whatHasJustBecomeSlowIsSlowAtOnceAndWellAtOnce() throws {
    var script = ClusterScript.pair()
    var (requests, mean) = (Int64(10_000), 8.0)
    func tick(_ count: Int, of milliseconds: Double) -> Double? {
      mean = average(mean, count, of: milliseconds)
      requests += Int64(count)
      script.tick([0: balancer(web1: [.reqTot: requests, .rtime: Int64(mean.rounded(.up))])])
      return script.node("web1").traffic.latency
    }
    _ = tick(40, of: 8)
    // HAProxy's own figure stands still while nothing becomes of it.
    for _ in 0..<5 { #expect(tick(40, of: 8) == 8) }
    for _ in 0..<3 { #expect(abs(try #require(tick(40, of: 300)) - 300) < 15) }
    #expect(mean > 60)
    #expect(try #require(tick(40, of: 8)) < 25)
  }

  @Test func untilThereAreManyAllAnswersCountAlike() {
    var script = ClusterScript.pair()
    script.tick([0: balancer(web1: [.reqTot: 100, .rtime: 10])])
    // Of 100 in 10 ms and 50 in 310 ms the mean is 110 ms.
    script.tick([0: balancer(web1: [.reqTot: 150, .rtime: 110])])
    #expect(abs((script.node("web1").traffic.latency ?? 0) - 310) < 0.001)
  }

  @Test func whereNothingPassedThereIsNoLatency() {
    var script = ClusterScript.pair()
    script.tick([0: balancer(web1: [.rtime: 40])])
    script.tick([0: balancer(web1: [.rtime: 40])])
    #expect(script.node("web1").traffic.requests == 0)
    #expect(script.node("web1").traffic.latency == nil)
    #expect(script.node("web1").traffic.errorRate == nil)
  }

  @Test func errorsAreFailedAnswersAndAnswersNotGivenAndConnectionsNotTaken() {
    var script = ClusterScript.pair()
    script.tick([0: balancer()])
    // HAProxy counts a request that was never answered in eresp, not in req_tot.
    script.tick([0: balancer(web1: [.reqTot: 10, .hrsp5xx: 2, .eresp: 3, .econ: 4])])
    let traffic = script.node("web1").traffic
    #expect(traffic.errors == 9)
    #expect(traffic.requests == 13)
    #expect(traffic.attempts == 17)
    #expect(traffic.errorRate == 9.0 / 17)
  }

  @Test func errorsThatTheLoadBalancerMadeAreItsOwn() {
    var script = ClusterScript.pair()
    script.tick([0: balancer()])
    script.tick([
      0: balancer(
        web1: [.reqTot: 8, .hrsp5xx: 2], frontend: [.reqTot: 20, .hrsp5xx: 7],
        backend: [.reqTot: 20, .hrsp5xx: 7])
    ])
    #expect(script.node("lb1").ownErrors == 5)
    #expect(script.node("lb1").traffic.requests == 20)
    #expect(script.node("lb1").traffic.errors == 7)
  }

  @Test func aVersionWithoutRequestCountersOfServersCountsAnswers() {
    var script = ClusterScript.pair()
    func old(_ answers: Int64) -> Reading.Outcome {
      balancer(web1: [.reqTot: StatTable.absent, .hrsp2xx: answers, .hrsp4xx: answers])
    }
    script.tick([0: old(5)])
    script.tick([0: old(7)])
    #expect(script.node("web1").traffic.requests == 4)
  }

  @Test func overTCPSessionsAreCountedAndRetriesAreNot() {
    var script = ClusterScript.pair()
    func tcp(_ figures: [StatFigure: Int64]) -> Reading.Outcome {
      balancer(web1: figures.merging([.hrsp2xx: StatTable.absent, .ctime: 4]) { $1 })
    }
    script.tick([0: tcp([:])])
    script.tick([0: tcp([.stot: 20, .econ: 3, .wretr: 2, .wredis: 1])])
    let traffic = script.node("web1").traffic
    #expect(traffic.requests == 14)
    #expect(traffic.errors == 3)
    #expect(traffic.attempts == 17)
    #expect(traffic.latency == 4)
  }

  @Test func aFigureThatIsNotReportedIsNotZero() {
    var script = ClusterScript.pair()
    func bare() -> Reading.Outcome {
      balancer(web1: [.hrsp5xx: StatTable.absent, .scur: StatTable.absent, .qcur: StatTable.absent])
    }
    script.tick([0: bare()])
    script.tick([0: bare()])
    #expect(script.node("web1").traffic.errors == nil)
    #expect(script.node("web1").sessions == nil)
    #expect(script.node("web1").queue == nil)
  }

  @Test func countsAreShownOnceAndRatesStay() {
    var script = ClusterScript.pair()
    script.tick([0: balancer()])
    script.tick([0: balancer(web1: [.reqTot: 10], frontend: [.reqTot: 10])])
    script.tick([:])
    #expect(script.node("web1").traffic.requests == nil)
    #expect(script.node("web1").traffic.qps == 10)
    #expect(script.node("lb1").traffic.requests == nil)
    // The next reading brings what came meanwhile: no request is lost between two snapshots.
    script.tick([0: balancer(web1: [.reqTot: 30], frontend: [.reqTot: 30])])
    #expect(script.node("web1").traffic.requests == 20)
    #expect(script.node("web1").traffic.qps == 10)
  }

  @Test func onlyEntryFrontendsCountWhereTheLayoutNamesThem() {
    func inner(_ requests: Int64) -> Reading.Outcome {
      balancer(frontend: [.reqTot: requests]) {
        $0.proxy("inner", .frontend, status: "OPEN", [.reqTot: requests])
      }
    }
    var all = ClusterScript.pair()
    var some = ClusterScript.pair(entry: Layout.Entry(frontends: ["www"]))
    for requests: Int64 in [0, 10] {
      all.tick([0: inner(requests)])
      some.tick([0: inner(requests)])
    }
    #expect(all.node("lb1").traffic.requests == 20)
    #expect(some.node("lb1").traffic.requests == 10)
    #expect(some.model.snapshot.total.requests == 10)
  }

  @Test func hugeCountersDoNotTrap() {
    var script = ClusterScript.pair()
    let huge: [StatFigure: Int64] = [.reqTot: .max, .hrsp5xx: .max, .eresp: .max, .econ: .max, .scur: .max]
    script.tick([0: balancer(), 1: balancer()])
    script.tick([0: balancer(web1: huge, frontend: huge, backend: huge), 1: balancer(web1: huge)])
    script.tick([0: balancer(web1: huge), 1: balancer(web1: huge)])
    #expect(script.node("web2").traffic.requests == 0)
  }

  @Test func nginxDoesNotCountThePollItself() {
    let layout = Layout(
      cluster: "test",
      tiers: [
        Layout.Tier(
          name: TierName("web"),
          nodes: [
            Layout.Node(
              name: NodeName("web1"), nginx: .http(HTTPEndpoint(url: "http://10.0.2.11:8080/status")))
          ])
      ])
    func page(_ requests: Int64, dropped: Int64 = 0) -> Reading.Outcome {
      .sample(
        .web(
          StubStatus(
            active: 3, accepts: requests + dropped, handled: requests, requests: requests, reading: 0,
            writing: 1,
            waiting: 2)))
    }
    var script = ClusterScript(layout)
    script.tick([0: page(100)])
    script.tick([0: page(111, dropped: 2)])
    #expect(script.node("web1").web?.requests == 10)
    #expect(script.node("web1").web?.dropped == 2)
    #expect(script.node("web1").traffic.qps == 10)
    #expect(script.node("web1").verdict == Verdict(.degraded, .connectionsDropped(2)))
    script.tick([0: page(1)])
    #expect(script.node("web1").web?.requests == nil)
    #expect(script.node("web1").isReset)
  }
}

extension Traffic {
  fileprivate init(latencyMax: Double?) {
    self.init()
    self.latencyMax = latencyMax
  }
}
