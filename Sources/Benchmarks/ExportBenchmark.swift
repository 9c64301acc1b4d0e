import Cluster
import Glibc
import History

/// What it takes to save a stretch of a store as a file, and to look at it again.
enum ExportBenchmark {
  /// - Parameters:
  ///   - store: of 20 nodes at 1 s.
  ///   - layout: of which the store's frames are.
  static func run(_ store: String, _ layout: Layout) throws {
    let timeline = try Timeline(path: store)
    guard let span = try timeline.span() else { return }
    let file = "\(store).tiertop"
    defer { unlink(file) }
    for hours in [Int64(1), 24, 168] {
      let length = min(hours * 3_600_000_000_000, span.end.nanoseconds - span.start.nanoseconds)
      let start = WallTime(nanoseconds: span.end.nanoseconds - length)
      var saved: (summary: StoreExport.Summary, slowest: Double)?
      var slowest = 0.0
      let saving = Figures(runs: hours > 1 ? 1 : 5) {
        saved = try? save(TimeSpan(from: start, to: span.end), of: timeline, to: file)
        slowest = max(slowest, saved?.slowest ?? 0)
      }
      guard let summary = saved?.summary else { continue }
      var failure: (any Error)?
      let opening = Figures(runs: hours > 24 ? 3 : 11) {
        do {
          let replay = try ReplayFile(path: file)
          _ = try Replay(replay.timeline) { _ in layout }.moment(at: replay.header.first)
        } catch { failure = error }
      }
      if let failure { throw failure }
      print("export: \(hours) h, \(summary.frames) frames, \(summary.bytes) bytes")
      print(
        "  saved in \(twoPlaces(saving.median * 1e3)) ms, its slowest step \(twoPlaces(slowest * 1e3)) ms")
      print("  opened, and its first moment made, in \(twoPlaces(opening.median * 1e3)) ms")
    }
  }

  /// Saves a stretch: what was saved, and how many seconds the slowest step took.
  static func save(
    _ span: TimeSpan, of timeline: Timeline, to file: String
  ) throws -> (summary: StoreExport.Summary, slowest: Double) {
    var options = StoreExport.Options(
      cluster: "benchmark", madeBy: "benchmark", now: span.end, shareable: { $0 })
    options.replaces = true
    let export = try StoreExport(of: span, in: timeline, to: file, options)
    let clock = ContinuousClock()
    var slowest = 0.0
    while true {
      let begin = clock.now
      let summary = try export.step()
      slowest = max(slowest, begin.duration(to: clock.now).seconds)
      if let summary { return (summary, slowest) }
    }
  }
}
