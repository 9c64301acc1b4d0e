import Cluster

@testable import Lab

/// The shape of the demo: two of each.
func demoLayout() -> Layout {
  var layout = Layout(cluster: "www.foobar.com", entry: Layout.Entry(dns: "www.foobar.com"))
  layout.tiers = [
    tier("lb", [("lb1", .haproxy), ("lb2", .haproxy)]),
    tier("web", [("web1", .nginx), ("web2", .nginx)]),
    tier("app", [("app1", .gunicorn), ("app2", .gunicorn)]),
  ]
  return layout
}

func tier(_ name: String, _ nodes: [(name: String, runs: Layout.Program?)]) -> Layout.Tier {
  Layout.Tier(
    name: TierName(name), nodes: nodes.map { Layout.Node(name: NodeName($0.name), runs: $0.runs) })
}

/// A plan with addresses that do not change from run to run.
func plan(of layout: Layout = demoLayout()) throws -> LabPlan {
  try LabPlan(
    layout: layout, network: LabNetwork(a: 77, b: 7), directory: "/run/user/1000/tiertop-lab-golden")
}
