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

  private static func show(after hours: [Int], _ path: String) throws(StoreFailure) {
    var script = ClusterScript(serversPerTier: 9, pages: 9, at: HistoryBenchmark.start)
    let recorder = try RecordingBenchmark.recorder(path, of: script)
    var model = ClusterModel(layout: script.layout)
    var table = GrowthTable(hours.map { ("\($0) h", Double($0)) })
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
