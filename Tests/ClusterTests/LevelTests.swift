import Cluster
import Testing

@Suite struct LevelTests {
  private func outcome(_ level: AccessLevel?) -> Reading.Outcome {
    guard case .sample(.proxy(var sample)) = balancer() else { return .failure(.refused) }
    sample.level = level
    return .sample(.proxy(sample))
  }

  @Test func whatTheSocketAllowsIsKnownOnceItIsReadAndStaysSoWhileItIsSilent() {
    var script = ClusterScript.pair()
    #expect(script.model.snapshot.sources[0].level == nil)
    script.tick([0: outcome(.admin), 1: outcome(.operator)])
    #expect(script.model.snapshot.sources.map(\.level) == [.admin, .operator])
    script.tick([0: .failure(.refused), 1: outcome(nil)])
    #expect(script.model.snapshot.sources.map(\.level) == [.admin, nil])
  }
}
