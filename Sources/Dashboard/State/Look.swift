/// What the terminal and its place can show.
public struct Look: Sendable, Hashable {
  /// Whether boxes, blocks and braille can be drawn; else ASCII.
  public var isUnicode: Bool
  /// Seconds east of Greenwich, for the times on the screen.
  public var utcOffset: Int

  public init(isUnicode: Bool = true, utcOffset: Int = 0) {
    self.isUnicode = isUnicode
    self.utcOffset = utcOffset
  }
}
