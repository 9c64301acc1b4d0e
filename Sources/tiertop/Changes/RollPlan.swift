import Cluster
import Control
import Dashboard

/// What a roll is going to do: its nodes, what an earlier one has left, and what keeps it from beginning.
struct RollPlan {
  let tier: TierName
  var roll: Roll
  /// By node; those that would have to be drained.
  var previews: [NodeName: ChangePreview] = [:]
  /// The floor that draining one of the nodes alone would break.
  var breach: (change: Change, breach: ChangePreview.FloorBreach)?
  /// By node: the command's text.
  var commands: [NodeName: String] = [:]

  /// - Throws: `UsageError`, `ChangeFault`.
  init(_ options: RollOptions, _ record: RollRecord?, in live: LiveSnapshot) throws {
    let topology = live.snapshot.topology
    guard let tier = topology.tiers.first(where: { $0.name == TierName(options.tier) }) else {
      throw UsageError.unknownTier(
        options.tier, meant: nearest(to: options.tier, in: topology.tiers.map(\.name.text)))
    }
    self.tier = tier.name
    let nodes = Array(topology.nodes[tier.nodes])
    roll = Roll(
      of: nodes.map(\.name), limits: options.limits, done: Set(record?.done ?? []),
      open: Set(record?.open ?? []))
    for node in nodes { commands[node.name] = try options.command(for: node) }
    for node in roll.nodes where node.phase == .waiting {
      // Also of those that will be passed over: what cannot be drained at all is a mistake.
      let change = try Change(.set(.drain), on: [.node(node.name, backend: nil)], in: live)
      if !node.isResumed, roll.isAway(node.name, live.snapshot) { continue }
      let preview = ChangePreview(of: change, in: live)
      previews[node.name] = preview
      // Those that an earlier roll has left out come back first: the floor is looked at when it matters.
      if breach == nil, record?.open.isEmpty ?? true { breach = preview.floorBreach.map { (change, $0) } }
    }
  }

  /// The nodes that are going to be done, in order.
  var nodes: [NodeName] { roll.nodes.map(\.name).filter { previews[$0] != nil } }

  /// A line for each node; with `--dry-run` also what its drain would do.
  func text(_ layout: Layout, isWhole: Bool) -> String {
    roll.nodes.map { node in
      guard let preview = previews[node.name] else {
        return "\(node.name)  \(node.phase == .done ? "done before" : Roll.Phase.skipped.words)\n"
      }
      let resumed = node.isResumed ? "go on: " : ""
      let line = "\(node.name)  \(resumed)drain, run: \(printable(commands[node.name] ?? "")), ready\n"
      return isWhole ? line + PreviewText(preview: preview, layout: layout).text : line
    }.joined()
  }
}
