import Cluster

@testable import History

/// A store in memory that takes the blocks of a saved stretch, and forgets them again.
final class SavedStore {
  private let empty: ReplayLoader
  private let zstd = Zstd()

  init() {
    guard var loader = try? ReplayLoader(""), let header = Blocks.header,
      (try? loader.begin(header)) != nil
    else { fatalError("no store") }
    empty = loader
    // What is done with an input is undone after it.
    ["COMMIT", "PRAGMA journal_mode=MEMORY", "BEGIN"].forEach(must)
  }

  private func must(_ sql: StaticString) {
    do {
      let statement = try empty.database.statement(sql)
      while try statement.step() {}
    } catch { fatalError("\(error)") }
  }

  /// Puts blocks in, the kind of each before its content, lets `work` do something with them, and takes them out.
  func with(_ blocks: [[UInt8]], _ work: (Database) -> Void) {
    var loader = empty
    do {
      for block in blocks {
        guard let kind = block.first.flatMap({ ExportFormat.Kind(rawValue: $0) }), kind != .header else {
          continue
        }
        let plain = Array(block.dropFirst())
        var content = ByteReader(
          Blocks.isPacked(kind) ? zstd.pack(plain, level: -5) : plain, from: .foreign)
        try loader.take(kind, &content)
      }
      try loader.finish()
      work(loader.database)
    } catch {
      // It is refused.
    }
    ["ROLLBACK", "BEGIN"].forEach(must)
  }

  /// Everything that is looked up in the past.
  func read(_ database: Database) {
    let timeline = Timeline(replaying: database, cluster: "demo", from: 1)
    let layoutOf: (String) -> Layout? = { _ in Frames.layout }
    guard let recorded = (try? timeline.span()) ?? nil, recorded.start <= recorded.end else { return }
    let hour = Duration.seconds(3600)
    let (start, end) = (
      recorded.start.advanced(by: .zero - hour), recorded.end.advanced(by: .seconds(7))
    )
    for (from, until) in [(start, end), (recorded.start, end), (end.advanced(by: .zero - hour * 720), end)] {
      guard let buckets = try? timeline.strip(of: from..<max(until, from), buckets: 20) else { continue }
      _ = TimeStrip(span: TimeSpan(from: from, to: until), buckets: buckets, interval: .seconds(1))
    }
    for subject in [GraphSubject.cluster, .node(NodeName("web1"))] {
      let span = TimeSpan(from: recorded.start.advanced(by: .seconds(-60)), to: end)
      _ = try? timeline.graph(of: subject, in: span, columns: 20, layoutOf: layoutOf)
      for resolution in [History.Resolution.minute, .hour] {
        _ = try? timeline.rollUps(of: Series(subject), in: start...end, by: resolution)
      }
    }
    _ = try? timeline.events(in: start...end, limit: 20)
    _ = try? timeline.gaps(in: start...end)
    for minutes in ((try? timeline.service(since: start)) ?? [:]).values {
      for window in Availability.overWindows(of: minutes, until: end) {
        _ = (window.knowledge, window.timeShare, window.requestShare)
      }
    }
    _ = try? timeline.incidents(from: start, to: end)
    _ = try? timeline.incident(after: start, in: recorded)
    _ = try? timeline.incident(before: end, in: recorded)
    let replay = Replay(timeline, layoutOf: layoutOf)
    for place in [recorded.last, recorded.first] {
      guard let moment = (try? replay.moment(at: place)) ?? nil else { continue }
      for event in (try? timeline.lastEvents(until: moment.at.wall, limit: 5)) ?? [] {
        _ = EventLine.text(of: event)
      }
      if !moment.hasTrails, let reading = (try? replay.trails(until: place)) ?? nil {
        while (try? reading.step()) ?? false {}
      }
    }
  }
}
