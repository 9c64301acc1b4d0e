import Cluster
import Dashboard
import History
import Wire

/// The figures of one thing over a span, as text, CSV or JSON (described in docs/json.md). A gap is an empty
/// field, null or a dash, and never 0.
struct HistoryReport {
  static let version: Int64 = 1

  let cluster: String
  let series: Series
  let span: TimeSpan
  let metrics: [Metric]
  let found: PastSeries

  // MARK: Text

  var text: String {
    if found.points.isEmpty { return "" }
    let isRaw = found.resolution == .raw
    let heads = metrics.flatMap { isRaw ? [$0.head] : [$0.head, "MAX"] }
    let rows = found.points.map { point in
      [LocalTime.text(of: point.at)]
        + metrics.flatMap { metric in
          let figure = point.figures?[metric]
          let mean = metric.text(of: figure?.mean)
          return isRaw ? [mean] : [mean, metric.text(of: figure?.maximum)]
        }
    }
    return TextColumns([["TIME"] + heads] + rows, right: Set(1...heads.count)).text
  }

  // MARK: CSV

  /// RFC 4180 with plain line ends; no field has anything in it that would need quotes.
  var csv: String {
    var text = "time"
    for metric in metrics {
      for part in ["min", "mean", "max"] { text += ",\(metric.key)_\(part)" }
    }
    text += "\n"
    for point in found.points {
      text += point.at.rfc3339
      for metric in metrics {
        let figure = point.figures?[metric]
        for value in [figure?.minimum, figure?.mean, figure?.maximum] {
          text += "," + (value.map { metric.rounded($0).description } ?? "")
        }
      }
      text += "\n"
    }
    return text
  }

  // MARK: JSON

  /// Writes the document as one line.
  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("version", Self.version)
      json.member("cluster", cluster)
      json.member("of", kind)
      json.member("name", name)
      json.write(span)
      json.member("by", found.resolution.word)
      json.array("points") { json in
        for point in found.points { write(point, to: &json) }
      }
    }
    json.endLine()
  }

  private func write(_ point: PastSeries.Point, to json: inout JSONWriter) {
    json.object { json in
      json.member("at", point.at.rfc3339)
      for metric in metrics {
        json.key(metric.key)
        guard let figure = point.figures?[metric] else {
          json.null()
          continue
        }
        json.object { json in
          for (key, value) in [
            ("min", figure.minimum), ("mean", figure.mean), ("max", figure.maximum),
          ] {
            json.member(key, metric.rounded(value))
          }
          json.member("count", figure.count)
        }
      }
    }
  }

  private var kind: String {
    switch series {
    case .cluster: "cluster"
    case .tier: "tier"
    case .node: "node"
    }
  }

  private var name: String? {
    switch series {
    case .cluster: nil
    case .tier(let name): name.text
    case .node(let name): name.text
    }
  }
}

extension Metric {
  fileprivate var head: String {
    switch self {
    case .qps: "QPS"
    case .latency: "AVG"
    case .errorRate: "ERR"
    case .sessions: "SESS"
    }
  }

  fileprivate func text(of value: Double?) -> String {
    switch self {
    case .qps: Figures.rate(value)
    case .latency: Figures.latency(value)
    case .errorRate: Figures.percent(value)
    case .sessions: Figures.count(value.map { Int64($0.rounded()) })
    }
  }

  /// Digits that say nothing are noise.
  fileprivate func rounded(_ value: Double) -> Double {
    let steps: Double = self == .errorRate ? 1_000_000 : 1000
    return (value * steps).rounded() / steps
  }
}
