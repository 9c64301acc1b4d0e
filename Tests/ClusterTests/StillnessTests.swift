import TestSupport
import Testing

@testable import Cluster

/// What says the same as before is not derived again; that must never make a difference.
@Suite struct StillnessTests {
  /// Two of the same cluster: one derives everything in each tick.
  struct Pair {
    var model = ClusterScript.pair()
    var plain = ClusterScript.pair()
    /// Ticks in which something was not derived again.
    var still = 0

    mutating func tick(
      _ outcomes: [Int: Reading.Outcome], after interval: Double = 1, isBetweenTicks: Bool = false
    ) {
      let topology = plain.model.snapshot.topology
      plain.model.stillness = Stillness(servers: topology.servers.count, nodes: topology.nodes.count)
      model.tick(outcomes, after: interval, isBetweenTicks: isBetweenTicks)
      plain.tick(outcomes, after: interval, isBetweenTicks: isBetweenTicks)
      let servers = model.model.snapshot.topology.nodes.map(\.servers)
      if servers.contains(where: { !$0.isEmpty && model.model.stillness.areStill($0) }) { still += 1 }
    }

    func said(_ script: ClusterScript) -> String {
      let snapshot = script.model.snapshot
      var text =
        "\(snapshot.servers)\n\(snapshot.nodes)\n\(snapshot.proxies)\n\(snapshot.total)\n\(snapshot.health)"
      for place in snapshot.nodes.indices {
        text += "\n\(script.model.trail(of: place, .qps).slots.suffix(3))"
      }
      return text + "\n\(script.events)"
    }
  }

  /// A load balancer to which now and then something happens.
  struct Balancer {
    var figures: [[StatFigure: Int64]] = [[:], [:]]
    var notes = [("UP", "L7OK"), ("UP", "L7OK")]
    var admin: [ServerID: ServerStateTable.AdminFlags] = [:]
    var pid: Int64 = 100
    var latest: Reading.Outcome?

    mutating func live(_ random: inout SeededRandom, isQuiet: Bool) -> Reading.Outcome? {
      let place = Int.random(in: 0..<2, using: &random)
      func add(_ figure: StatFigure, _ more: Int64) {
        figures[place][figure] = (figures[place][figure] ?? 0) + more
      }
      // What goes on by itself.
      for place in 0..<2 { figures[place][.lastchg] = (figures[place][.lastchg] ?? 0) + 1 }
      switch isQuiet ? 23 : Int.random(in: 0..<24, using: &random) {
      case 0, 1:
        add(.reqTot, 20)
        add(.hrsp2xx, 20)
        figures[place][.rtime] = Int64.random(in: 1...900, using: &random)
      case 2:
        add(.reqTot, 9)
        add(.hrsp5xx, 9)
      case 3: figures[place][.scur] = Int64.random(in: 0...4, using: &random)
      case 4:
        notes[place] =
          [("UP", "L7OK"), ("DOWN", "L4CON"), ("UP 1/2", "* L7OK")].randomElement(using: &random) ?? notes[0]
      case 5:
        let flags: [ServerStateTable.AdminFlags] = [[], .forcedDrain, .forcedMaint]
        admin[ServerID(backend: "web", server: "web\(place + 1)")] = flags.randomElement(using: &random)
      case 6:
        pid += 1
        figures = [[:], [:]]
      case 7: return .failure(.timedOut(after: .seconds(1), received: 0))
      case 8: return nil
      default: break
      }
      var script = ProxyScript()
      script.pid = pid
      script.admin = admin
      script.proxy("www", .frontend, status: "OPEN")
      for place in 0..<2 {
        script.server(
          "web", "web\(place + 1)", "10.0.2.1\(place + 1):80", status: notes[place].0, check: notes[place].1,
          figures[place])
      }
      script.proxy("web", .backend, status: "UP")
      latest = script.sample(like: latest)
      return latest
    }
  }

  @Test(arguments: 0..<12) func derivedOrNotTheClusterIsTheSame(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var pair = Pair()
    var balancers = [Balancer(), Balancer()]
    for tick in 0..<300 {
      var outcomes: [Int: Reading.Outcome] = [:]
      for place in 0..<2 {
        if let outcome = balancers[place].live(&random, isQuiet: tick % 40 > 20) { outcomes[place] = outcome }
      }
      if tick % 97 == 50 {
        let row = ServerRow(balancer: NodeName("lb1"), server: ServerID(backend: "web", server: "web1"))
        let intent = Intent(
          row: row, wish: tick % 2 == 0 ? .drain : .ready,
          actor: Actor(user: "ann", host: "h", terminal: "t"),
          note: "",
          since: pair.model.moment.wall)
        pair.model.model.adopt(Intents([intent]))
        pair.plain.model.adopt(Intents([intent]))
      }
      let isShort = Int.random(in: 0..<9, using: &random) == 0
      pair.tick(outcomes, after: isShort ? 0.3 : 1, isBetweenTicks: isShort)
      #expect(pair.said(pair.model) == pair.said(pair.plain), "tick \(tick)")
    }
    #expect(pair.still > 20)
  }

  @Test func whereNothingHappensNothingIsDerived() {
    var pair = Pair()
    let same = balancer(web1: [.reqTot: 5])
    for _ in 0..<3 { pair.tick([0: same, 1: same]) }
    #expect(pair.still == 1)
    let other = balancer(web1: [.reqTot: 6])
    pair.tick([0: other, 1: same])
    #expect(!pair.model.model.stillness.areStill(0..<1))
  }
}
