import Cluster

/// The layout of the running cluster, as a file that the dashboard reads.
enum LabLayout {
  static func text(of plan: LabPlan) -> String {
    let layout = plan.layout
    let seconds = layout.interval / .seconds(1)
    let interval = seconds == seconds.rounded() ? "\(Int(seconds))s" : "\(Int(seconds * 1000))ms"
    let dns = layout.entry?.dns.map { "dns: \(quoted($0)), " } ?? ""
    let vips = (layout.entry?.vips ?? []).joined(separator: ", ")
    let frontends = (layout.entry?.frontends ?? []).joined(separator: ", ")
    return """
      # \(plan.title) as it runs on this machine, written by `tiertop lab up`.
      # The site itself: http://\(plan.entry)/

      cluster: \(quoted(layout.cluster))
      interval: \(interval)
      entry: { \(dns)vip: [\(vips)], frontends: [\(frontends)] }
      tiers:
      \(layout.tiers.map(tier).joined())drain: { keep_up: \(layout.drain.keepUp) }

      """
  }

  private static func tier(_ tier: Layout.Tier) -> String {
    "  - tier: \(tier.name)\n    mode: \(tier.mode.rawValue)\n    nodes:\n" + tier.nodes.map(node).joined()
  }

  private static func node(_ node: Layout.Node) -> String {
    var fields = ["node: \(node.name)"]
    if let address = node.address { fields.append("address: \(quoted("\(address)"))") }
    if let haproxy = node.haproxy { fields.append("haproxy: \(haproxy)") }
    if let nginx = node.nginx { fields.append("nginx: \(quoted("\(nginx)"))") }
    if let runs = node.runs { fields.append("runs: \(runs.rawValue)") }
    return "      - { \(fields.joined(separator: ", ")) }\n"
  }

  /// As a YAML text in double quotes.
  private static func quoted(_ text: String) -> String {
    "\"" + printable(text).map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
  }
}
