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
    let opening = Figures(runs: 21) { _ = try? Timeline(path: path) }
    report("open", opening)
    let timeline = try Timeline(path: path)
    guard let span = try timeline.span() else { return }
    var chance = Chance(seed: 7)
    func anywhere() -> WallTime {
      let length = UInt64(span.end.nanoseconds - span.start.nanoseconds)
      return WallTime(nanoseconds: span.start.nanoseconds + Int64(chance.below(length)))
    }
    var failures = 0
    func measure(_ name: String, runs: Int = 201, _ work: () throws -> Void) {
      report(name, Figures(runs: runs) { do { try work() } catch { failures += 1 } })
    }
    measure("jump anywhere, 15 frames") {
      if try timeline.frames(endingAt: anywhere(), count: 15).count < 15 { failures += 1 }
    }
    measure("jump to the end, 15 frames") { _ = try timeline.frames(endingAt: span.end, count: 15) }
    var place = try timeline.sequence(at: anywhere()) ?? 1
    measure("step back", runs: 1001) { place = try timeline.frame(before: place)?.sequence ?? span.last }
    measure("step forward", runs: 1001) { place = try timeline.frame(after: place)?.sequence ?? span.first }
    measure("next incident") { _ = try timeline.event(after: anywhere(), of: EventKind.troubles) }
    measure("previous incident") { _ = try timeline.event(before: anywhere(), of: EventKind.troubles) }
    let node = Series.node(NodeName("web3"))
    func graph(_ hours: Int64) throws {
      let start = WallTime(nanoseconds: span.end.nanoseconds - hours * 3_600_000_000_000)
      let points = try timeline.rollUps(of: node, in: start...span.end, by: .minute)
      if points.count < min(Int(hours) * 60, Int(span.last) / 60) - 2 { failures += 1 }
    }
    measure("24 h of a node by the minute") { try graph(24) }
    measure("7 d of a node by the minute") { try graph(168) }
    measure("7 d of a node by the hour") {
      _ = try timeline.rollUps(of: node, in: span.start...span.end, by: .hour)
    }
    measure("strip of 7 d, 200 pieces") { _ = try timeline.strip(of: span.start..<span.end, buckets: 200) }
    measure("strip of 10 min, 200 pieces") {
      let end = anywhere()
      _ = try timeline.strip(of: WallTime(nanoseconds: end.nanoseconds - 600_000_000_000)..<end, buckets: 200)
    }
    let mark = try timeline.mark()
    if let news = try timeline.news(since: mark) {
      measure("nothing new", runs: 1001) { if try timeline.news(since: news.mark) != nil { failures += 1 } }
    }
    if failures > 0 { print("  \(failures) failures") }
  }

  private static func report(_ name: String, _ figures: Figures) {
    let padding = String(repeating: " ", count: max(0, 30 - name.count))
    print(
      "  \(name)\(padding) \(threePlaces(figures.median * 1e3)) ms "
        + "(\(threePlaces(figures.fastest * 1e3)) to \(threePlaces(figures.slowest * 1e3)))"
    )
  }

}

func threePlaces(_ number: Double) -> String {
  let thousandths = Int(number * 1000 + 0.5)
  let places = String(thousandths % 1000)
  return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - places.count))\(places)"
}
