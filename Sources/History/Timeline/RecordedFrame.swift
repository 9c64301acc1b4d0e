public import Cluster

/// The place of a frame in a store: it only ever grows, whatever the clock does.
public typealias FrameNumber = Int64

/// A frame of the past, and where it stands.
public struct RecordedFrame: Sendable {
  public var sequence: FrameNumber
  /// The layout that its sources belong to; see `Timeline.layout`.
  public var layout: Int64
  /// Frames of one stretch follow each other without a gap, and their times only grow.
  public var stretch: Int64
  public var frame: Frame

  public init(sequence: FrameNumber, layout: Int64, stretch: Int64, frame: Frame) {
    self.sequence = sequence
    self.layout = layout
    self.stretch = stretch
    self.frame = frame
  }
}

/// What was recorded of the layout: the text that was handed in, as it was.
public struct RecordedLayout: Hashable, Sendable {
  public var id: Int64
  /// The first frame that belongs to it.
  public var since: WallTime
  public var description: String
  public var text: String
}

/// An event of the past, and where it stands.
public struct RecordedEvent: Hashable, Sendable {
  /// Grows with each event that is recorded.
  public var id: Int64
  /// The frame that it came with, or the newest before it.
  public var sequence: FrameNumber
  public var at: WallTime
  public var kind: EventKind
  public var node: NodeName?
  /// The event, or why it cannot be read: a newer kind is kept, and skipped by who does not know it.
  public var event: Result<Event, EventFault>
  /// The line that was stored.
  public var line: String
}

/// The roll-ups of one thing over one minute, or hour.
public struct RollUpPoint: Hashable, Sendable {
  public var start: WallTime
  public var rollUps: RollUps

  public init(start: WallTime, rollUps: RollUps) {
    self.start = start
    self.rollUps = rollUps
  }
}

/// A piece of a time bar.
public struct StripBucket: Hashable, Sendable {
  public var start: WallTime
  /// The worst that the whole cluster was; nil where nothing was recorded.
  public var worst: HealthState?
  /// Whether an operator had taken a node out.
  public var hasDrain: Bool
  /// Whether part of it was not recorded.
  public var hasGap: Bool
  /// Ticks that were recorded.
  public var ticks: Int64
}

/// From where to where a store reaches.
public struct RecordedSpan: Hashable, Sendable {
  public var first: FrameNumber
  public var last: FrameNumber
  /// The time of the first frame.
  public var start: WallTime
  /// The time of the last frame.
  public var end: WallTime
}
