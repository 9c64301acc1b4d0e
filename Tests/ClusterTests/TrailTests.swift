import Testing

@testable import Cluster

@Suite struct TrailTests {
  /// So many seconds, in which so many requests a second pass the first load balancer.
  private func run(_ script: inout ClusterScript, _ seconds: Int, from start: Int64 = 0) {
    for second in 1...seconds {
      script.tick([0: balancer(frontend: [.reqTot: start + Int64(second) * 10]), 1: balancer()])
    }
  }

  private func known(_ model: ClusterModel) -> [Float] {
    model.trailOfCluster(.qps).slots.map { $0.isFinite ? $0 : -1 }
  }

  @Test func theMinutesBeforeAreTakenOverWithTheGapBetween() throws {
    var before = ClusterScript.pair()
    run(&before, 30)
    var after = ClusterScript.pair()
    after.seconds = before.seconds + 20
    let began = Moment(
      wall: WallTime(nanoseconds: after.moment.wall.nanoseconds + 1_000_000_000), uptime: after.moment.uptime)
    run(&after, 5, from: 1000)
    let own = known(after.model)
    after.model.precede(with: before.model, began: began)
    let filled = known(after.model)
    #expect(filled.count == own.count)
    // The newest stay as they are; before them nobody looked for twenty seconds.
    #expect(Array(filled.suffix(5)) == Array(own.suffix(5)))
    #expect(filled.dropLast(5).suffix(20).allSatisfy { $0 == -1 })
    #expect(Array(filled.dropLast(25).suffix(30)) == Array(known(before.model).suffix(30)))
    #expect(filled.dropLast(55).allSatisfy { $0 == -1 })
    // What comes goes on from there.
    run(&after, 1, from: 1050)
    #expect(Array(known(after.model).dropFirst().prefix(500)) == Array(filled.dropFirst(2).prefix(500)))
  }

  @Test func whatIsTooLongAgoOrLaterIsLeftAlone() {
    for distance in [700.0, -40] {
      var before = ClusterScript.pair()
      before.seconds = 1000
      run(&before, 30)
      var after = ClusterScript.pair()
      after.seconds = before.seconds + distance
      let began = after.moment
      run(&after, 3, from: 1000)
      let own = known(after.model)
      after.model.precede(with: before.model, began: began)
      #expect(known(after.model) == own)
    }
  }
}
