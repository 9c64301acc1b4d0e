/// Goes through the frames from one place to another, one by one; a bounded number of figures of them is held.
struct FrameCursor {
  private let timeline: Timeline
  private let last: FrameNumber
  private var place: FrameNumber
  /// Those that are read, the next one at the end.
  private var read: [RecordedFrame] = []

  private let bounds: FrameBounds

  init(
    _ timeline: Timeline, from first: FrameNumber, through last: FrameNumber,
    within bounds: FrameBounds = .usual
  ) {
    self.timeline = timeline
    self.bounds = bounds
    self.last = last
    place = first
  }

  mutating func next() throws(StoreFailure) -> RecordedFrame? {
    while read.isEmpty, place <= last {
      let more = try timeline.frames(from: place, through: last, within: bounds)
      read = more.frames.reversed()
      place = more.next
    }
    return read.popLast()
  }

  /// Gives the frames back that came last, oldest first: they come again.
  mutating func putBack(_ frames: [RecordedFrame]) { read += frames.reversed() }
}
