import Cluster

/// The minute in which a recorder before this one ended, summed up from its frames: a little at a time, because each
/// frame may be large, and somebody waits for keys.
final class Backlog {
  private let loader: FrameLoader
  private let layoutOf: (String) -> Layout?
  private let unsummed: Range<FrameNumber>
  private var next: FrameNumber
  private var model: (layout: Int64, stretch: Int64, folded: ClusterModel)?
  private var window = MinuteWindow()

  /// How many frames before a minute a model has to see to know what the minute's are like.
  private static let runUp: FrameNumber = 15
  /// Figures that are folded in a step, or a single frame that has more: some milliseconds.
  private static let mostNumbers = 40_000

  /// - Parameters:
  ///   - unsummed: the frames that are in no minute's roll-up. Those shortly before them are read as well.
  ///   - layoutOf: reads a layout's text as it was recorded; nil where it cannot be read.
  init(of unsummed: Range<FrameNumber>, _ loader: FrameLoader, layoutOf: @escaping (String) -> Layout?) {
    self.unsummed = unsummed
    self.loader = loader
    self.layoutOf = layoutOf
    next = max(1, unsummed.lowerBound - Backlog.runUp)
  }

  /// Sums up some more frames; the minutes that have ended with them, which may be none, or nil behind the last frame.
  ///
  /// - Parameter text: the text of a recorded layout.
  func step(_ text: (Int64) throws(StoreFailure) -> String?) throws(StoreFailure) -> [EndedMinute]? {
    guard next < unsummed.upperBound else { return nil }
    var ended: [EndedMinute] = []
    var left = Backlog.mostNumbers
    while left > 0, next < unsummed.upperBound {
      // Where it cannot be read there is nothing to sum up; what comes next tells whether it can be written.
      guard let frames = try? loader.frames(next, through: next) else {
        next = unsummed.upperBound
        break
      }
      loader.letGo()
      next += 1
      for recorded in frames {
        if let minute = try add(recorded, text) { ended.append(minute) }
        left -= max(64, recorded.frame.numbers)
      }
    }
    return ended
  }

  /// What there is of the minute that was not over; nil where there is nothing.
  func takeRest() -> EndedMinute? { window.end(with: unsummed.upperBound - 1) }

  private func add(
    _ recorded: RecordedFrame, _ text: (Int64) throws(StoreFailure) -> String?
  ) throws(StoreFailure) -> EndedMinute? {
    if model?.layout != recorded.layout || model?.stretch != recorded.stretch {
      guard let layout = try text(recorded.layout).flatMap(layoutOf) else { return nil }
      model = (recorded.layout, recorded.stretch, ClusterModel(layout: layout))
    }
    _ = model?.folded.advance(with: recorded.frame)
    guard let snapshot = model?.folded.snapshot, unsummed.contains(recorded.sequence),
      !recorded.frame.isBetweenTicks
    else { return nil }
    let isOther = window.minute != Resolution.minute.index(of: snapshot.at.wall)
    defer { window.add(snapshot) }
    return isOther ? window.end(with: recorded.sequence - 1) : nil
  }
}
