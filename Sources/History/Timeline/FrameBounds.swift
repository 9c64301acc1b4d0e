import Cluster

/// How many frames are held at once: they are large as long as they are folded, and one of thousands of servers is as
/// large as hundreds of others.
public struct FrameBounds: Sendable, Hashable {
  /// Of these there are no more, however small they are.
  public var frames: Int
  /// Figures in all of them together.
  public var numbers: Int

  public init(frames: Int, numbers: Int) {
    self.frames = frames
    self.numbers = numbers
  }

  /// Where nobody waits for the first of them: 32 mebibytes of figures.
  static let usual = FrameBounds(frames: .max, numbers: 4 << 20)
  static let none = FrameBounds(frames: .max, numbers: .max)

  /// How many that have so many figures each; one at least.
  public func count(of numbers: Int) -> Int { max(1, min(frames, self.numbers / max(1, numbers))) }
}

/// What is left of bounds while frames are read. How large one is is known when it has been read: one after small ones
/// may be larger than what is left.
struct FrameRoom {
  private var left: FrameBounds
  private var newest = 0

  init(_ bounds: FrameBounds) { left = bounds }

  /// Whether one more like the newest is too much.
  var isUsedUp: Bool { left.frames <= 0 || left.numbers < max(1, newest) }

  mutating func take(_ frame: Frame) {
    newest = frame.numbers
    left.frames -= 1
    left.numbers -= newest
  }
}
