public import Cluster

/// The past minutes of a store: what a dashboard shows in its first minutes, instead of nothing. Frames are folded
/// a few at a time, so that keys and frames go between.
public final class PastMinutes {
  let timeline: Timeline
  private let layoutOf: (String) -> Layout?
  /// The first frame of the next step.
  private(set) var next: FrameNumber
  private let last: FrameNumber
  private var current: (model: ClusterModel, layout: Int64, stretch: Int64)?

  /// As far as trails reach.
  private static let reach = Duration.seconds(600)
  private static let most: FrameNumber = 1200
  /// Some milliseconds with twenty nodes; as many figures with thousands of servers are fewer frames, so that
  /// neither keys nor memory wait for them.
  static let bounds = FrameBounds(frames: 32, numbers: 100_000)

  /// nil where there is nothing from the minutes before `now`.
  ///
  /// - Parameter layoutOf: reads a layout's text as it was recorded; nil where it cannot be read.
  public init?(of path: String, before now: WallTime, layoutOf: @escaping (String) -> Layout?) {
    guard let timeline = try? Timeline(path: path), let span = try? timeline.span() else { return nil }
    let start = now.advanced(by: .zero - PastMinutes.reach)
    guard span.end >= start, span.end <= now else { return nil }
    self.timeline = timeline
    self.layoutOf = layoutOf
    let first = (try? timeline.sequence(at: start)) ?? nil
    next = max(first ?? span.first, span.last - PastMinutes.most)
    last = span.last
  }

  /// The cluster as it was at the end, so far; nil where nothing could be read.
  public var model: ClusterModel? { current?.model }

  /// Folds some more frames; false where there are no more.
  public func step() -> Bool {
    guard next <= last else { return false }
    guard let read = try? timeline.frames(from: next, through: last, within: PastMinutes.bounds) else {
      return false
    }
    for recorded in read.frames { fold(recorded) }
    // Nobody comes back to them.
    timeline.letGo()
    next = read.next
    return true
  }

  private func fold(_ recorded: RecordedFrame) {
    guard current?.layout != recorded.layout || current?.stretch != recorded.stretch else {
      _ = current?.model.advance(with: recorded.frame)
      return
    }
    let text = (try? timeline.layout(recorded.layout)) ?? nil
    guard let layout = text.flatMap({ layoutOf($0.text) }) else { return }
    var model = ClusterModel(layout: layout)
    _ = model.advance(with: recorded.frame)
    // A gap stays one.
    if let older = current?.model { model.precede(with: older, began: recorded.frame.at) }
    current = (model, recorded.layout, recorded.stretch)
  }
}
