import Cluster
import Glibc
import History

/// One record of 20 nodes at a second, looked at after more and more hours: what it costs to go on with it, and to look
/// into it. `HISTORY_DAYS` says how many are the last; seven where nothing is said.
enum HistoryGrowthBenchmark {
  static func run() {
    let days = getenv("HISTORY_DAYS").flatMap { Double(String(cString: $0)) } ?? 7
    let path = "/tmp/tiertop-benchmark-growth-\(getpid()).db"
    defer { for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + suffix) } }
    do {
      try show(after: [1, 6, 24, 168].filter { Double($0) <= days * 24 }, path)
    } catch {
      print("  failed: \(error)")
    }
  }

  /// A row for each thing, with a column for each length.
  private struct Table {
    let hours: [Int]
    private(set) var rows: [(name: String, values: [Double])] = []

    init(hours: [Int]) { self.hours = hours }

    mutating func add(_ name: String, _ value: Double) {
      if let place = rows.firstIndex(where: { $0.name == name }) {
        rows[place].values.append(value)
      } else {
        rows.append((name, [value]))
      }
    }

    /// The last column: how much it has grown from the first length to the last, for each time that the length has.
    func show() {
      func line(_ name: String, _ cells: [String]) {
        print("  " + name.padded(to: 34) + cells.map { $0.ending(at: 13) }.joined())
      }
      line("", hours.map { "\($0) h" } + ["1 is linear"])
      for (name, values) in rows {
        let growth =
          values[values.count - 1] / values[0] / (Double(hours[hours.count - 1]) / Double(hours[0]))
        line(name, values.map(threePlaces) + [threePlaces(growth)])
      }
    }
  }

  private static func show(after hours: [Int], _ path: String) throws(StoreFailure) {
    var script = ClusterScript(serversPerTier: 9, pages: 9, at: HistoryBenchmark.start)
    let recorder = try RecordingBenchmark.recorder(path, of: script)
    var model = ClusterModel(layout: script.layout)
    var table = Table(hours: hours)
    var tick = 0
    for hour in hours {
      var (last, slowest) = (0.0, 0.0)
      while tick < hour * 3600 {
        let frame = script.frame()
        let events = model.advance(with: frame)
        let begin = ProcessFigures.processorSeconds()
        if let trouble = recorder.record(frame, model.snapshot, events: events) { throw trouble.failure }
        tick += 1
        guard tick > (hour - 1) * 3600 else { continue }
        let took = ProcessFigures.processorSeconds() - begin
        last += took
        slowest = max(slowest, took)
      }
      table.add("file, MB", Double(ProcessFigures.fileSize(path)) / 1e6)
      table.add("a tick of the last hour, µs", last / 3600 * 1e6)
      table.add("its slowest, ms", slowest * 1e3)
      let looks = try TimelineLooks(into: path)
      for (name, figures) in looks.all { table.add(name + ", ms", figures.median * 1e3) }
      if looks.failures > 0 { print("  \(looks.failures) looks failed") }
    }
    recorder.close()
    table.show()
  }
}
