import Cluster
import Dashboard

/// The text of `tiertop once`: a line a node, for people and for grep.
struct OnceTable {
  let snapshot: Snapshot

  var text: String {
    let topology = snapshot.topology
    var rows = [["TIER", "NODE", "STATE", "QPS", "ERR", "AVG", "SESS", "QUEUE", "REASON"]]
    for (node, report) in zip(topology.nodes, snapshot.nodes) {
      rows.append([
        topology.tiers[node.tier].name.text, node.name.text, report.verdict.state.word,
        Figures.rate(report.traffic.qps), Figures.percent(report.traffic.errorRate),
        Figures.latency(report.traffic.latency), Figures.count(report.sessions), Figures.count(report.queue),
        report.verdict.reason?.words ?? "",
      ])
    }
    return headline + TextColumns(rows, right: [3, 4, 5, 6, 7]).text + failures
  }

  private var headline: String {
    let total = snapshot.total
    return "\(snapshot.topology.layout.cluster)  \(snapshot.health.word)  \(snapshot.at.wall.rfc3339)  "
      + "\(Figures.rate(total.qps))  err \(Figures.percent(total.errorRate))  avg \(Figures.latency(total.latency))\n"
  }

  /// What could not be read, and why.
  private var failures: String {
    snapshot.sources.compactMap { report in
      report.failure.map { "! \(report.source.node) \(report.source.system.rawValue): \($0.words)\n" }
    }.joined()
  }
}
