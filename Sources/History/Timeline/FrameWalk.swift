public import Cluster

/// Goes through the frames of a span, a few at a time, and folds them as far as one thing depends on them.
public final class FrameWalk {
  private let timeline: Timeline
  private let subject: GraphSubject
  private let span: TimeSpan
  private let layoutOf: (String) -> Layout?
  private var next: FrameNumber = 1
  private var last: FrameNumber = 0
  private var readers: [Int64: ReducedReader?] = [:]
  private var model: (folded: ClusterModel, layout: Int64, stretch: Int64)?

  /// Frames before the span, so that its first tick has rates.
  private static let lead: FrameNumber = 10
  /// Numbers that are folded in a step: some milliseconds; and frames, at most.
  private static let bounds = FrameBounds(frames: 64, numbers: 64_000)

  init(
    _ timeline: Timeline, of subject: GraphSubject, in span: TimeSpan, layoutOf: @escaping (String) -> Layout?
  ) throws(StoreFailure) {
    self.timeline = timeline
    self.subject = subject
    self.span = span
    self.layoutOf = layoutOf
    guard span.start < span.end, let recorded = try timeline.span(),
      let last = try timeline.sequence(at: span.end)
    else { return }
    self.last = last
    next = max(recorded.first, (try timeline.sequence(at: span.start) ?? recorded.first) - FrameWalk.lead)
  }

  /// Goes through some frames of one chunk, and calls `visit` with each, folded, and whether it is a tick's; false where
  /// nothing is left at all. Of the snapshots only the figures of that thing are those of the whole cluster. Over each gap
  /// it begins anew.
  public func step(_ visit: (Snapshot, _ isTick: Bool) -> Void) throws(StoreFailure) -> Bool {
    guard next <= last else { return false }
    guard let place = try timeline.loader.extent(of: next) else {
      // What lay between was let go of.
      next = try timeline.loader.sequence(after: next) ?? last + 1
      return true
    }
    if readers[place.layout] == nil {
      let layout = try timeline.layout(place.layout).flatMap { layoutOf($0.text) }
      readers[place.layout] = .some(layout.map { ReducedReader(of: subject, in: $0, timeline) })
    }
    guard let reader = readers[place.layout] ?? nil else {
      next = min(last, place.last) + 1
      return true
    }
    let read = try reader.frames(next, through: min(last, place.last), within: FrameWalk.bounds)
    for recorded in read.frames { fold(recorded, reader.layout, visit) }
    next = read.next
    return true
  }

  private func fold(_ recorded: RecordedFrame, _ layout: Layout, _ visit: (Snapshot, Bool) -> Void) {
    if model?.layout != recorded.layout || model?.stretch != recorded.stretch {
      model = (ClusterModel(layout: layout), recorded.layout, recorded.stretch)
    }
    _ = model?.folded.advance(with: recorded.frame)
    if span.contains(recorded.frame.at.wall), let snapshot = model?.folded.snapshot {
      visit(snapshot, !recorded.frame.isBetweenTicks)
    }
  }
}
