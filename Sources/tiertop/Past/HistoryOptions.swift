import Cluster

/// What `tiertop history` is asked for.
struct HistoryOptions {
  /// A node, a tier, or `cluster`.
  let name: String
  let span: TimeSpan
  /// In the order in which they were asked for.
  let metrics: [Metric]
  /// nil where the length of the span decides.
  let resolution: Cluster.Resolution?
  let form: Form

  enum Form {
    case text, csv, json
  }

  static let usualSpan = Duration.days(1)

  init(_ invocation: Invocation, now: WallTime) throws(UsageError) {
    guard let name = invocation.operands.first else { throw .missingOperand(invocation.command) }
    self.name = name
    span = try PastSpan.span(invocation, usual: HistoryOptions.usualSpan, now: now)
    metrics = try HistoryOptions.metrics(invocation)
    resolution = try HistoryOptions.resolution(invocation)
    if invocation.has(.csv), invocation.has(.json) {
      throw .exclusive(.csv, .json, command: invocation.command)
    }
    form = invocation.has(.csv) ? .csv : invocation.has(.json) ? .json : .text
  }

  private static func metrics(_ invocation: Invocation) throws(UsageError) -> [Metric] {
    guard let text = invocation.value(of: .metric) else { return Metric.allCases }
    var metrics: [Metric] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let metric = Metric.allCases.first(where: { $0.optionWord == word }) else {
        let known = Metric.allCases.map(\.optionWord).joined(separator: ", ")
        throw .badValue(text, of: .metric, expected: "one or more of \(known), with commas between them")
      }
      if !metrics.contains(metric) { metrics.append(metric) }
    }
    return metrics
  }

  private static func resolution(_ invocation: Invocation) throws(UsageError) -> Cluster.Resolution? {
    guard let text = invocation.value(of: .by) else { return nil }
    guard let resolution = Cluster.Resolution.allCases.first(where: { $0.word == text }) else {
      let known = Cluster.Resolution.allCases.map(\.word).joined(separator: ", ")
      throw .badValue(text, of: .by, expected: known)
    }
    return resolution
  }
}

extension Metric {
  /// As `--metric` names it.
  var optionWord: String {
    switch self {
    case .qps: "qps"
    case .latency: "latency"
    case .errorRate: "errors"
    case .sessions: "sessions"
    }
  }

  /// As documents name it, as in those of `once`.
  var key: String {
    switch self {
    case .qps: "qps"
    case .latency: "latency_avg_ms"
    case .errorRate: "error_rate"
    case .sessions: "sessions"
    }
  }
}

extension Cluster.Resolution {
  /// As `--by` and the documents name it.
  var word: String {
    switch self {
    case .raw: "tick"
    case .minute: "minute"
    case .hour: "hour"
    }
  }
}
