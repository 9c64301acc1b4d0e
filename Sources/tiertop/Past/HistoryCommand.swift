import Cluster
import Glibc
import History
import Platform
import Wire

/// `tiertop history NODE [LAYOUT]`: the figures of a node, a tier or the cluster over a span.
struct HistoryCommand {
  private let invocation: Invocation
  private let options: HistoryOptions

  init(_ invocation: Invocation) throws(UsageError) {
    self.invocation = invocation
    options = try HistoryOptions(invocation, now: PastStore.now(for: invocation))
  }

  func run() throws -> ExitStatus {
    let timeline = try PastStore.timeline(for: invocation.droppingOperands(1))
    let report: HistoryReport
    do {
      let known = try timeline.seriesByName()
      guard let series = known[options.name] else {
        throw UsageError.unknownSeries(
          options.name, meant: nearest(to: options.name, in: known.keys.sorted()))
      }
      report = HistoryReport(
        cluster: try timeline.clusterName(), series: series, span: options.span, metrics: options.metrics,
        found: try timeline.figures(of: series, in: options.span, by: options.resolution))
    } catch let error as StoreFailure {
      throw PastFailure.store(error)
    }
    switch options.form {
    case .text: Output.print(report.text)
    case .csv: Output.print(report.csv)
    case .json:
      var json = JSONWriter()
      report.write(to: &json)
      Output.write(json.bytes, to: STDOUT_FILENO)
    }
    return .good
  }
}

extension Timeline {
  /// Everything that there are figures of, by the name that a person gives it; where two have the same, a node
  /// before a tier, and a tier before the whole.
  fileprivate func seriesByName() throws(StoreFailure) -> [String: Series] {
    var known: [String: Series] = ["cluster": .cluster]
    var (tiers, nodes): ([TierName], [NodeName]) = ([], [])
    for series in try self.series() {
      switch series {
      case .cluster: break
      case .tier(let name): tiers.append(name)
      case .node(let name): nodes.append(name)
      }
    }
    // Of what was recorded within the last minute there are no roll-ups yet.
    if let newest = try newestSnapshot()?.topology {
      tiers += newest.tiers.map(\.name)
      nodes += newest.nodes.map(\.name)
    }
    for tier in tiers { known[tier.text] = .tier(tier) }
    for node in nodes { known[node.text] = .node(node) }
    return known
  }
}
