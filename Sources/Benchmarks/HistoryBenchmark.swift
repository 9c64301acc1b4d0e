import Cluster
import Glibc
import History

/// A store of 7 days at 1 s with 20 nodes, made by the real recorder, and what it takes to look into it.
/// `HISTORY_DAYS` makes it shorter, `HISTORY_STORE` keeps it.
enum HistoryBenchmark {
  static let start = WallTime(nanoseconds: 1_700_000_000_000_000_000)

  static func run() {
    let days = getenv("HISTORY_DAYS").flatMap { Double(String(cString: $0)) } ?? 7
    let kept = getenv("HISTORY_STORE").map { String(cString: $0) }
    let path = kept ?? "/tmp/tiertop-benchmark-\(getpid()).db"
    defer {
      if kept == nil { for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + suffix) } }
    }
    do {
      let layout = ClusterScript(serversPerTier: 9, pages: 9, at: start).layout
      var table = BoundTable()
      try RecordingBenchmark.durable(&table)
      RecordingBenchmark.memory()
      if access(path, F_OK) != 0 { try record(path, ticks: Int(days * 86_400)) }
      try look(path)
      try ExportBenchmark.run(path, layout)
      try RecordingBenchmark.large(servers: 1000, ticks: 1500, &table)
      try RecordingBenchmark.large(servers: 10_000, ticks: 40, &table)
      try LookBenchmark(path, layout).run(&table)
      table.show()
    } catch {
      print("  failed: \(error)")
    }
  }

  /// Only what looks into a store takes that was kept: `HISTORY_STORE` says which.
  static func runLooks() {
    guard let path = getenv("HISTORY_STORE").map({ String(cString: $0) }) else { return }
    do {
      var table = BoundTable()
      try LookBenchmark(path, ClusterScript(serversPerTier: 9, pages: 9, at: start).layout).run(&table)
      table.show()
    } catch {
      print("  failed: \(error)")
    }
  }

  private static func record(_ path: String, ticks: Int) throws(StoreFailure) {
    var script = ClusterScript(serversPerTier: 9, pages: 9, at: start)
    let costs = try RecordingBenchmark.record(path, &script, ticks: ticks, isDurable: false)
    let size = ProcessFigures.fileSize(path)
    let reported = costs.reported
    print(
      "history: \(ticks) ticks of 20 nodes, \(reported) figures reported a tick, \(twoPlaces(costs.changed)) changed"
    )
    print(
      "  recorded in \(twoPlaces(costs.recording)) s: \(twoPlaces(costs.recording / Double(ticks) * 1e6)) µs a tick"
    )
    print(
      "  slowest tick \(twoPlaces(costs.slowest * 1e3)) ms; 99.9 % below \(twoPlaces(costs.almostAll * 1e3)) ms"
    )
    print(
      "  file \(size) bytes: \(threePlaces(Double(size) / Double(ticks) / Double(reported))) bytes a figure,")
    print("    \(threePlaces(Double(size) / Double(ticks) / costs.changed)) a changed figure,")
    print("    \(Int(Double(size) / Double(ticks))) a tick")
    print(
      "  entropy of the figures alone: \(threePlaces(costs.entropy / 8)) bytes a tick, each column for itself"
    )
  }

  private static func look(_ path: String) throws(StoreFailure) {
    let looks = try TimelineLooks(into: path)
    for (name, figures) in looks.all {
      print(
        "  \(name.padded(to: 30)) \(threePlaces(figures.median * 1e3)) ms "
          + "(\(threePlaces(figures.fastest * 1e3)) to \(threePlaces(figures.slowest * 1e3)))"
      )
    }
    if looks.failures > 0 { print("  \(looks.failures) failures") }
  }
}
