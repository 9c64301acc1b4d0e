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

  /// How many that have so many figures each; one at least.
  public func count(of numbers: Int) -> Int { max(1, min(frames, self.numbers / max(1, numbers))) }
}
