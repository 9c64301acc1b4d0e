import Cluster
import Glibc

/// How many bits a tick the figures of a cluster need at least, each column for itself: the entropy of its
/// values, or of its changes, whichever is less.
struct ColumnEntropy {
  private struct Column {
    var last: Int64?
    var values: [Int64: Int] = [:]
    var changes: [Int64: Int] = [:]
    var sum = 0.0
    var squares = 0.0
    var count = 0
  }

  private var columns: [Int: Column] = [:]
  private var ticks = 0
  private var changedFigures = 0
  /// Figures that were reported in the last tick.
  private(set) var reported = 0

  /// Figures a tick that differ from the tick before.
  var changed: Double { Double(changedFigures) / Double(max(1, ticks - 1)) }

  mutating func add(_ frame: Frame) {
    ticks += 1
    reported = 0
    for reading in frame.readings {
      var place = reading.source.index << 32
      func note(_ value: Int64) {
        place += 1
        if value == StatTable.absent { return }
        reported += 1
        count(value, at: place)
      }
      guard case .sample(let sample) = reading.outcome else { continue }
      switch sample {
      case .proxy(let proxy): for value in proxy.stat.figures { note(value) }
      case .web(let web):
        for value in [
          web.active, web.accepts, web.handled, web.requests, web.reading, web.writing, web.waiting,
        ] { note(value) }
      // The script makes none of these.
      case .workers, .database, .host, .router, .address, .name, .firewall, .path: continue
      }
    }
  }

  private mutating func count(_ value: Int64, at place: Int) {
    var column = columns.removeValue(forKey: place) ?? Column()
    if let last = column.last {
      if value != last { changedFigures += 1 }
      let change = Double(value - last)
      column.changes[value - last, default: 0] += 1
      column.values[value, default: 0] += 1
      column.sum += change
      column.squares += change * change
      column.count += 1
    }
    column.last = value
    columns[place] = column
  }

  var bits: Double {
    columns.values.reduce(0) { total, column in
      guard column.count > 1 else { return total }
      let count = Double(column.count)
      let variance = max(0, column.squares / count - (column.sum / count) * (column.sum / count))
      // Where nearly every change is another one, counting them says too little: what a normal one would have.
      let normal = 0.5 * log2(2 * Double.pi * M_E * (variance + 1 / 12))
      let counted = ColumnEntropy.entropy(column.changes, count)
      let ofChanges = column.changes.count > column.count / 4 ? max(counted, normal) : counted
      let ofValues =
        column.values.count > column.count / 4 ? Double.infinity : ColumnEntropy.entropy(column.values, count)
      return total + min(ofChanges, ofValues)
    }
  }

  private static func entropy(_ counts: [Int64: Int], _ total: Double) -> Double {
    counts.values.reduce(0) { $0 - Double($1) / total * log2(Double($1) / total) }
  }
}
