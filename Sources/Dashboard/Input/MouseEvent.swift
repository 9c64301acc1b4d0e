/// What the mouse did, in cells from the top left corner.
public struct MouseEvent: Hashable, Sendable {
  public var kind: Kind
  public var x: Int
  public var y: Int

  public init(_ kind: Kind, x: Int, y: Int) {
    self.kind = kind
    self.x = x
    self.y = y
  }

  public enum Kind: Hashable, Sendable {
    case click, doubleClick, wheelUp, wheelDown
  }
}
