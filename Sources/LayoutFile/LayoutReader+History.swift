import Cluster

extension LayoutReader {
  /// `off`, or how long what is kept.
  mutating func history(_ node: YAMLNode) -> HistoryPolicy {
    if case .scalar = node.content {
      if text(of: node) == "off" { return HistoryPolicy(isRecorded: false) }
      noteValue(node, expected: .history, nearest: suggestion(for: text(of: node) ?? "", in: ["off"]))
      return HistoryPolicy()
    }
    let fields = fields(of: node, in: .history)
    var policy = HistoryPolicy()
    let years = Duration.days(3650)
    if let node = fields["keep"] { policy.keep = duration(node, in: .minutes(10)...years) ?? policy.keep }
    if let node = fields["minutes"] {
      policy.minutes = duration(node, in: .seconds(3600)...years) ?? policy.minutes
    }
    if let node = fields["hours"] { policy.hours = duration(node, in: .days(1)...years) ?? policy.hours }
    if let node = fields["size"] {
      policy.size = size(node, in: 16_000_000...1_000_000_000_000) ?? policy.size
    }
    return policy
  }
}
