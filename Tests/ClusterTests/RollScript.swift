@testable import Cluster

/// A tier that a test rolls: it does what the engine orders, to servers that it makes up.
struct RollScript {
  struct Server {
    var isDrained = false
    var sessions: Int64 = 0
    var check = "L7OK"
    /// HAProxy's word while it is not drained.
    var status = "UP"
  }

  var roll: Roll
  /// By node.
  var servers: [String: Server] = [:]
  /// Load balancers that say nothing.
  var silent: Set<Int> = []
  /// What was ordered, in order: `drain web1`.
  private(set) var log: [String] = []
  /// Nodes whose command, or whose change, is not answered: the test does that.
  var held: Set<String> = []
  /// By node; the rest end well.
  var ends: [String: Roll.CommandEnd] = [:]
  /// Changes that are confirmed nowhere: `ready web1`.
  var unconfirmed: Set<String> = []
  /// As many have to serve, or a drain is refused.
  var floor = 0
  private(set) var cluster: ClusterScript
  private let names: [NodeName]

  init(
    _ count: Int = 3, limits: Roll.Limits = Roll.Limits(), done: [String] = [], open: [String] = []
  ) {
    names = (1...count).map { NodeName("web\($0)") }
    roll = Roll(
      of: names, limits: limits, done: Set(done.map { NodeName($0) }), open: Set(open.map { NodeName($0) }))
    for name in names { servers[name.text] = Server(isDrained: open.contains(name.text)) }
    cluster = ClusterScript(
      Layout(
        cluster: "test",
        tiers: [
          Layout.Tier(
            name: TierName("lb"),
            nodes: [
              Layout.Node(name: NodeName("lb1"), haproxy: .unix(path: "/run/lb1.sock")),
              Layout.Node(name: NodeName("lb2"), haproxy: .unix(path: "/run/lb2.sock")),
            ]),
          Layout.Tier(
            name: TierName("web"),
            nodes: names.enumerated().map { place, name in
              Layout.Node(name: name, address: SocketAddress(parsing: "10.0.2.\(place + 1):80"))
            }),
        ]))
  }

  /// One second: a frame, what the engine orders, and what becomes of it.
  mutating func tick() {
    var balancer = ProxyScript()
    for (place, name) in names.enumerated() {
      let server = servers[name.text] ?? Server()
      let status = server.isDrained && server.status == "UP" ? "DRAIN" : server.status
      balancer.server(
        "web", name.text, "10.0.2.\(place + 1):80", status: status, check: server.check,
        [.scur: server.sessions])
      if server.isDrained { balancer.admin[ServerID(backend: "web", server: name.text)] = .forcedDrain }
    }
    let outcome = balancer.sample()
    let answers = [0, 1].map {
      silent.contains($0) ? Reading.Outcome.failure(.timedOut(after: .seconds(1), received: 0)) : outcome
    }
    cluster.tick([0: answers[0], 1: answers[1]])
    for order in roll.advance(cluster.model.snapshot) { carryOut(order) }
  }

  /// Ticks until it is over; a minute and a half at most.
  mutating func finish() {
    for _ in 0..<90 where !roll.isOver { tick() }
  }

  private mutating func carryOut(_ order: Roll.Order) {
    switch order {
    case .drain(let node): change(node, "drain", isDrained: true)
    case .ready(let node): change(node, "ready", isDrained: false)
    case .run(let node):
      log.append("run \(node)")
      if !held.contains(node.text) { roll.end(node, ends[node.text] ?? .exited(0), at: cluster.moment) }
    }
  }

  private mutating func change(_ node: NodeName, _ word: String, isDrained: Bool) {
    let serving = servers.values.count { !$0.isDrained }
    if isDrained, serving <= floor {
      log.append("refuse \(node)")
      return roll.refuse(node, RollScript.breach)
    }
    log.append("\(word) \(node)")
    let isConfirmed = !unconfirmed.contains("\(word) \(node)")
    if isConfirmed { servers[node.text]?.isDrained = isDrained }
    if !held.contains(node.text) { roll.settle(node, isConfirmed: isConfirmed, at: cluster.moment) }
  }

  static let breach = ChangePreview.FloorBreach(
    backend: "web", balancer: NodeName("lb1"), left: 1, keepUp: 2)

  /// Ends a command that is held.
  mutating func end(_ node: String, _ end: Roll.CommandEnd) {
    roll.end(NodeName(node), end, at: cluster.moment)
  }

  var open: [String] { roll.open.map(\.text) }

  var done: [String] { roll.done.map(\.text) }

  /// The phase of a node.
  subscript(name: String) -> Roll.Phase? { roll.nodes.first { $0.name == NodeName(name) }?.phase }
}
