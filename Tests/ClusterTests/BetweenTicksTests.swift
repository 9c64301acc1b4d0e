import Cluster
import Testing

@Suite struct BetweenTicksTests {
  private func reading(requests: Int64, errors: Int64 = 0) -> Reading.Outcome {
    balancer(web1: [.reqTot: requests, .hrsp5xx: errors], frontend: [.reqTot: requests])
  }

  @Test func aFrameBetweenTwoTicksIsShownAtOnceAndIsNoTickOfTheTrails() {
    var script = ClusterScript.pair()
    script.tick([0: reading(requests: 0)])
    script.tick([0: reading(requests: 100)])
    script.tick([0: reading(requests: 150)], after: 0.25, isBetweenTicks: true)
    #expect(script.node("web1").traffic.qps == 200)
    script.tick([0: reading(requests: 225)], after: 0.75)
    let place = script.model.snapshot.topology.place(of: NodeName("web1")) ?? 0
    // One slot for each tick; the one that was read twice has the mean of both.
    #expect(script.model.trail(of: place, .qps).slots.filter { !$0.isNaN } == [100, 150])
    #expect(script.node("web1").watched?.requests == 225)
  }

  @Test func errorsAreRememberedAsManyTicksWhateverIsReadBetween() {
    func state(polledBetween: Bool) -> [HealthState] {
      var script = ClusterScript.pair()
      script.tick([0: reading(requests: 0)])
      script.tick([0: reading(requests: 100, errors: 60)])
      var states: [HealthState] = []
      for _ in 0..<14 {
        script.tick([0: reading(requests: 100, errors: 60)], after: 0.5, isBetweenTicks: polledBetween)
        if polledBetween {
          script.tick([0: reading(requests: 100, errors: 60)], after: 0.5)
        } else {
          script.seconds += 0.5
        }
        states.append(script.node("web1").verdict.state)
      }
      return states
    }
    #expect(state(polledBetween: true) == state(polledBetween: false))
    #expect(Set(state(polledBetween: true)).count == 2)
  }
}
