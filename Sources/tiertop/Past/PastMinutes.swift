import Cluster
import History

/// The past minutes of a store: what a dashboard shows in its first minutes, instead of nothing. Frames are folded
/// a few at a time, so that keys and frames go between.
final class PastMinutes {
  private let timeline: Timeline
  private var next: FrameNumber
  private let last: FrameNumber
  private var current: (model: ClusterModel, layout: Int64, stretch: Int64)?

  /// As far as trails reach.
  private static let reach = Duration.seconds(600)
  private static let most: FrameNumber = 1200
  /// Some milliseconds with twenty nodes; as many figures with thousands of servers are fewer frames, so that
  /// neither keys nor memory wait for them.
  private static let mostFrames: FrameNumber = 32
  private static let mostNumbers = 100_000
  /// How many frames are folded in the next step: one, until it is known how large they are.
  private var batch: FrameNumber = 1

  /// nil where there is nothing from the minutes before `now`.
  init?(of path: String, before now: WallTime) {
    guard let timeline = try? Timeline(path: path), let span = try? timeline.span() else { return nil }
    let start = now.advanced(by: .zero - PastMinutes.reach)
    guard span.end >= start, span.end <= now else { return nil }
    self.timeline = timeline
    let first = (try? timeline.sequence(at: start)) ?? nil
    next = max(first ?? span.first, span.last - PastMinutes.most)
    last = span.last
  }

  /// The cluster as it was at the end, so far; nil where nothing could be read.
  var model: ClusterModel? { current?.model }

  /// Folds some more frames; false where there are no more.
  func step() -> Bool {
    guard next <= last else { return false }
    let end = min(last, next + batch - 1)
    guard let frames = try? timeline.frames(in: next...end) else { return false }
    for recorded in frames { fold(recorded) }
    if let numbers = frames.last?.frame.numbers, numbers > 0 {
      batch = max(1, min(PastMinutes.mostFrames, FrameNumber(PastMinutes.mostNumbers / numbers)))
    }
    // Nobody comes back to them.
    timeline.letGo()
    next = end + 1
    return true
  }

  private func fold(_ recorded: RecordedFrame) {
    guard current?.layout != recorded.layout || current?.stretch != recorded.stretch else {
      _ = current?.model.advance(with: recorded.frame)
      return
    }
    let text = (try? timeline.layout(recorded.layout)) ?? nil
    guard let layout = text.flatMap({ Record.layout(from: $0.text) }) else { return }
    var model = ClusterModel(layout: layout)
    _ = model.advance(with: recorded.frame)
    // A gap stays one.
    if let older = current?.model { model.precede(with: older, began: recorded.frame.at) }
    current = (model, recorded.layout, recorded.stretch)
  }
}
