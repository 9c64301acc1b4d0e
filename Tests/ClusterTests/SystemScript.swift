@testable import Cluster

/// The layout of a whole site, in which everything is asked.
enum WholeSite {
  static let layout: Layout = {
    func address(_ text: String) -> SocketAddress? { SocketAddress(parsing: text) }
    let database = DatabaseEndpoint(place: .tcp(host: "10.77.4.11", port: 3306))
    var layout = Layout(
      cluster: "site",
      entry: Layout.Entry(dns: "www.example.com", vips: ["10.77.1.100"], probe: 9999),
      tiers: [
        Layout.Tier(
          name: TierName("lb"), mode: .activePassive,
          nodes: ["lb1", "lb2"].map { name in
            Layout.Node(
              name: NodeName(name), via: .namespace(path: "/run/netns/\(name)"),
              haproxy: .unix(path: "/run/\(name).sock"),
              endpoints: [.keepalived: .directory(path: "/run/\(name)")])
          }),
        Layout.Tier(
          name: TierName("app"),
          nodes: [
            Layout.Node(
              name: NodeName("app1"), address: address("10.77.3.11:8000"),
              via: .namespace(path: "/run/netns/app1"),
              endpoints: [.uwsgi: .tcp(host: "10.77.3.11", port: 1717)])
          ]),
        Layout.Tier(
          name: TierName("db"),
          nodes: [
            Layout.Node(
              name: NodeName("db1"), address: address("10.77.4.11:3306"), role: .primary,
              endpoints: [.mariadb: .database(database)]),
            Layout.Node(
              name: NodeName("db2"), address: address("10.77.4.12:3306"), role: .replica,
              of: NodeName("db1"), endpoints: [.mariadb: .database(database)]),
          ]),
      ],
      firewalls: [
        Layout.Firewall(
          from: TierName("lb"), to: TierName("app"), allow: [.init(number: 8000, transport: .tcp)]),
        Layout.Firewall(
          from: TierName("app"), to: TierName("db"), allow: [.init(number: 3306, transport: .tcp)]),
      ])
    layout.filter = Layout.PacketFilter(table: "inet tiertop")
    return layout
  }()
}

extension ClusterScript {
  /// The place in the plan of what is asked of a node.
  func source(_ node: String, _ system: Source.System) -> Int {
    model.snapshot.topology.plan.sources.firstIndex {
      $0.node == NodeName(node) && $0.system == system
    } ?? -1
  }

  mutating func fail(_ node: String, _ system: Source.System, _ failure: ReadFailure) {
    tick([source(node, system): .failure(failure)])
  }

  mutating func tick(_ samples: [(node: String, system: Source.System, sample: Sample)]) {
    var outcomes: [Int: Reading.Outcome] = [:]
    for (node, system, sample) in samples { outcomes[source(node, system)] = .sample(sample) }
    tick(outcomes)
  }
}
