import Cluster
import Control
import History
import Platform

/// Follows what another program records: each frame as soon as it is committed.
///
/// It waits for nobody, and does nothing while nothing is written: the system says when the store's log is.
final class Follower {
  /// Something new, the oldest first; never empty.
  var onFrames: (([Frame]) -> Void)?
  /// Frames that are of no use here, and why.
  var onObstacle: ((Obstacle) -> Void)?
  /// Whoever records may have let go of the store.
  var onLetGo: (() -> Void)?

  /// Why what is recorded is not what is to be shown.
  enum Obstacle: Error {
    /// The frames belong to another layout.
    case otherLayout
    /// There is none, or none of the last three intervals: whoever records is not at it, or counts its time
    /// from elsewhere.
    case nothingNew
    case store(StoreFailure)
  }

  private let path: String
  private let layout: Layout
  private let loop: EventLoop
  private let timeline: Timeline
  private var mark: Timeline.Mark
  /// The recorded layout of the newest frames, and whether it is ours.
  private var known: (id: Int64, isOurs: Bool)?
  private var logWatch: FileWatch?
  private var lockWatch: FileWatch?
  private var timer: LoopTimer?
  /// How often it was looked for what has been written, and was not there yet.
  private var looks = 0

  /// What is written is to be seen a moment later: when it is on the disk. It is looked for after pauses that
  /// double, and after so many of them no more.
  private static let shortest = Duration.milliseconds(1)
  private static let longest = Duration.milliseconds(32)
  private static let mostLooks = 100
  /// Frames that are taken in between two looks at the keyboard.
  private static let batch = 200
  /// How often it is looked for where the system tells of nothing.
  private static let unaided = Duration.milliseconds(40)

  /// Opens the store, and follows it from its newest frame on.
  init(_ path: String, of layout: Layout, on loop: EventLoop) throws(StoreFailure) {
    self.path = path
    self.layout = layout
    self.loop = loop
    timeline = try Timeline(path: path, waits: false)
    mark = try timeline.mark()
  }

  /// Frames that are further apart belong to a recorder that is not at it.
  static func patience(_ interval: Duration) -> Duration { max(interval * 3, .seconds(1)) }

  /// Whether a store that was damaged, and set aside, has left its place to another one.
  var isReplaced: Bool { timeline.isReplaced }

  /// Begins to tell of what is new.
  func start() {
    timer = loop.timer { [unowned self] _ in look() }
    logWatch = try? FileWatch(path + "-wal", for: .written, on: loop) { [unowned self] in
      looks = 0
      look()
    }
    lockWatch = try? FileWatch(path + ".lock", for: .letGo, on: loop) { [unowned self] in onLetGo?() }
    look()
  }

  /// Looks for what is new, and tells of it before this returns.
  func look() {
    let news: Timeline.News?
    do throws(StoreFailure) {
      news = try timeline.news(since: mark, limit: Follower.batch)
    } catch {
      lookAgain()
      // It is held for a moment only.
      if case .busy = error { return }
      onObstacle?(.store(error))
      return
    }
    guard let news, !news.frames.isEmpty else {
      if let news { mark = news.mark }
      return lookAgain()
    }
    mark = news.mark
    looks = 0
    timer?.disarm()
    if logWatch == nil { timer?.arm(after: Follower.unaided) }
    // There is more: this program has not run for long.
    if news.hasMore { timer?.arm(after: .zero) }
    tell(news)
  }

  private func lookAgain() {
    if logWatch == nil {
      timer?.arm(after: Follower.unaided)
    } else if looks < Follower.mostLooks {
      looks += 1
      timer?.arm(after: min(Follower.shortest * (1 << min(looks - 1, 16)), Follower.longest))
    }
  }

  private func tell(_ news: Timeline.News) {
    do throws(Obstacle) {
      try check(news.frames, areNewest: !news.hasMore)
      onFrames?(news.frames.filter { $0.layout == known?.id }.map(\.frame))
    } catch {
      onObstacle?(error)
    }
  }

  /// Whether the newest of some frames is of now, where nothing follows it, and of our layout.
  private func check(_ frames: [RecordedFrame], areNewest: Bool = true) throws(Obstacle) {
    guard let newest = frames.last else { throw .nothingNew }
    let age = loop.now.since(newest.frame.at)
    // A frame that comes before its time was made by another machine, or is of another start of this one.
    guard age >= .zero, !areNewest || age <= Follower.patience(layout.interval) else { throw .nothingNew }
    if known?.id != newest.layout {
      let recorded: RecordedLayout?
      do { recorded = try timeline.layout(newest.layout) } catch { throw .store(error) }
      let isOurs = recorded.flatMap { Record.layout(from: $0.text) }.map(layout.isWatched) ?? false
      known = (newest.layout, isOurs)
    }
    guard known?.isOurs == true else { throw .otherLayout }
  }
}

// Where it begins.
extension Follower {
  /// What was recorded until now.
  struct Beginning {
    /// Folded from the last frames, as whoever recorded them has folded them.
    var model: ClusterModel
    /// When the newest frame was complete.
    var at: Moment
    /// What had happened until then, oldest first.
    var events: [Event]
  }

  /// What the trails hold: ten minutes at a tick a second. A picture soon is worth more than a long one.
  private static let bounds = FrameBounds(frames: 600, numbers: 400_000)

  /// The cluster as it was recorded until now, as far back as its trails reach.
  ///
  /// - Parameter intents: what people last set.
  func beginning(adopting intents: Intents?) throws(Obstacle) -> Beginning {
    let last: [RecordedFrame]
    do { last = try timeline.frames(endingAt: mark.sequence, count: 1) } catch { throw .store(error) }
    try check(last)
    guard let newest = last.last else { throw .nothingNew }
    do throws(StoreFailure) {
      let frames = try timeline.frames(endingAt: mark.sequence, within: Follower.bounds)
      var model = ClusterModel(layout: layout)
      if let intents { model.adopt(intents) }
      for recorded in try silent(before: frames) + sameStart(frames) {
        _ = model.advance(with: recorded.frame)
      }
      let events = try timeline.events(
        in: WallTime(nanoseconds: .min)...newest.frame.at.wall, limit: Record.events, newestFirst: true)
      return Beginning(
        model: model, at: newest.frame.at, events: events.reversed().compactMap { try? $0.event.get() })
    } catch {
      throw .store(error)
    }
  }

  /// Those of our layout since the machine was started: times before that cannot be compared.
  private func sameStart(_ frames: [RecordedFrame]) -> [RecordedFrame] {
    var kept: [RecordedFrame] = []
    for frame in frames.reversed() where frame.layout == known?.id {
      if let later = kept.last, frame.frame.at.uptime > later.frame.at.uptime { break }
      kept.append(frame)
    }
    return kept.reversed()
  }

  /// What sources said last that have been silent in all of these.
  private func silent(before frames: [RecordedFrame]) throws(StoreFailure) -> [RecordedFrame] {
    guard let first = frames.first else { return [] }
    var missing = Set(PollPlan(for: layout).sources.indices.map(SourceID.init))
    for frame in frames {
      for reading in frame.frame.readings {
        if case .sample = reading.outcome { missing.remove(reading.source) }
      }
      if missing.isEmpty { return [] }
    }
    let found = try timeline.lastSamples(of: missing, before: first.sequence)
    return found.filter { $0.layout == known?.id && $0.frame.at.uptime < first.frame.at.uptime }
  }
}
