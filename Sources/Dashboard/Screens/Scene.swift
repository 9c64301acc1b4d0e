/// A drawn screen and what can be clicked on it: one layout serves both the eye and the mouse.
struct Scene: Sendable {
  var grid: Grid
  var spots: [Spot]

  /// What is at a place; where spots overlap, the one that was drawn last.
  func target(x: Int, y: Int) -> Spot.Target? {
    spots.last { $0.rect.holds(x: x, y: y) }?.target
  }
}

/// A rectangle of the screen that a click can mean.
struct Spot: Hashable, Sendable {
  var rect: Rect
  var target: Target
}

extension Rect {
  func holds(x: Int, y: Int) -> Bool {
    x >= self.x && x < self.x + width && y >= self.y && y < self.y + height
  }
}
