import Testing

@testable import Cluster

@Suite struct ComparisonTests {
  /// Two load balancers and two web servers of which all is known.
  private func snapshot(_ edit: (inout Snapshot) -> Void = { _ in }) -> Snapshot {
    var script = ClusterScript.pair()
    script.tick([0: balancer(), 1: balancer()])
    var snapshot = script.model.snapshot
    for place in snapshot.nodes.indices {
      snapshot.nodes[place].verdict = Verdict(.up)
      snapshot.nodes[place].traffic.qps = 100
      snapshot.nodes[place].traffic.latency = 12
      snapshot.nodes[place].traffic.errorRate = 0
      snapshot.nodes[place].sessions = 30
    }
    edit(&snapshot)
    return snapshot
  }

  private func place(_ name: String) -> Int { ["lb1": 0, "lb2": 1, "web1": 2, "web2": 3][name] ?? 0 }

  @Test func twoEqualMomentsDoNotDiffer() {
    let comparison = Comparison(from: snapshot(), to: snapshot())
    #expect(comparison.nodes.isEmpty)
    #expect(comparison.sameCount == 4)
    #expect(comparison.health == (.up, .up))
  }

  @Test func figuresThatBreatheAreNoNews() {
    let later = snapshot {
      $0.nodes[2].traffic.qps = 122
      $0.nodes[2].traffic.latency = 16
      $0.nodes[2].traffic.errorRate = 0.001
      $0.nodes[2].sessions = 38
      $0.nodes[3].traffic.qps = 85
    }
    #expect(Comparison(from: snapshot(), to: later).nodes.isEmpty)
    let quiet = snapshot { $0.nodes[2].traffic.qps = 1 }
    let twice = snapshot { $0.nodes[2].traffic.qps = 2 }
    #expect(Comparison(from: quiet, to: twice).nodes.isEmpty)
  }

  @Test func aChangeOfStateGoesBeforeAnyChangeOfFigures() {
    let later = snapshot {
      $0.nodes[0].traffic.errorRate = 0.5
      $0.nodes[1].verdict = Verdict(.degraded)
      $0.nodes[2].verdict = Verdict(.draining)
      $0.nodes[3].verdict = Verdict(.down)
    }
    let found = Comparison(from: snapshot(), to: later).nodes
    #expect(found.map(\.node.text) == ["web2", "lb2", "web1", "lb1"])
    #expect(found.map(\.kind) == [.worse, .worse, .worse, .figures])
    let back = Comparison(from: later, to: snapshot()).nodes
    #expect(back.map(\.kind) == [.otherwise, .otherwise, .otherwise, .figures])
    #expect(back.map(\.node.text) == ["lb1", "lb2", "web1", "web2"].filter { $0 != "lb1" } + ["lb1"])
  }

  @Test func whatGotWorseGoesBeforeWhatIsOnlyOther() {
    let later = snapshot {
      $0.nodes[0].traffic.qps = 2000
      $0.nodes[1].traffic.latency = 24
      $0.nodes[2].traffic.errorRate = 0.08
      $0.nodes[3].traffic.latency = 3
    }
    let found = Comparison(from: snapshot(), to: later).nodes
    #expect(found.map(\.node.text) == ["web1", "lb2", "lb1", "web2"])
    #expect(found[0].news.map(\.figure) == [.errorRate])
    #expect(found[3].news.map(\.isWorse) == [false])
  }

  @Test func theFiguresOfOneNodeComeWorstFirst() {
    let later = snapshot {
      $0.nodes[2].traffic.qps = 900
      $0.nodes[2].traffic.latency = 20
      $0.nodes[2].sessions = 60
    }
    let found = Comparison(from: snapshot(), to: later).nodes
    #expect(found.first?.news.map(\.figure) == [.latency, .qps, .sessions])
  }

  @Test func whatIsNotKnownOnOneSideIsNoDifference() {
    let later = snapshot {
      $0.nodes[2].traffic.latency = nil
      $0.nodes[3].verdict = Verdict(.stale)
    }
    let found = Comparison(from: snapshot(), to: later).nodes
    #expect(found.map(\.node.text) == ["web2"])
    // What is stale says nothing of its moment.
    #expect(found.first?.figures.allSatisfy { $0.to == nil && $0.relevance == 0 } == true)
  }

  @Test func aServerThatWasDrainedOrWeighedOtherwiseIsNamed() {
    let later = snapshot {
      $0.servers[0].weight = 50
      $0.servers[1].admin = .drain
    }
    let found = Comparison(from: snapshot(), to: later).nodes
    #expect(found.count == 1)
    #expect(found.first?.kind == .changed)
    #expect(found.first?.rows.map(\.row.description) == ["lb1 web/web1", "lb2 web/web1"])
    #expect(
      found.first?.rows.map(\.to) == [
        Standing(admin: .ready, weight: 50), Standing(admin: .drain, weight: 1),
      ])
  }

  @Test func whoIsNewOrGoneIsToldWithTheTopologiesThatDiffer() {
    let more = balancer { $0.server("web", "web9", "10.0.2.19:80") }
    var script = ClusterScript.pair()
    script.tick([0: more, 1: balancer()])
    let large = script.model.snapshot
    let new = Comparison(from: snapshot(), to: large).nodes.first { $0.from == nil }
    #expect(new?.kind == .otherwise)
    #expect(new?.to?.state == .up)
    let gone = Comparison(from: large, to: snapshot()).nodes.first
    #expect(gone?.to == nil)
    #expect(gone?.kind == .worse)
    #expect(gone?.node == new?.node)
  }

  @Test func theWholeIsComparedToo() {
    let later = snapshot {
      $0.total.qps = 400
      $0.health = .degraded
    }
    let comparison = Comparison(from: snapshot { $0.total.qps = 100 }, to: later)
    #expect(comparison.health == (.up, .degraded))
    #expect(comparison.total.filter(\.isNews).map(\.figure) == [.qps])
  }
}
