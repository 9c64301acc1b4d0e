import Cluster
import LayoutFile

extension Layout {
  /// Whether a frame of one is a frame of the other, and means the same: they differ at most in how it is shown,
  /// how long it is kept, and where changes are written down.
  func isWatched(like other: Layout) -> Bool {
    var other = other
    other.screen = screen
    other.history = history
    other.audit = audit
    return LayoutFile.text(of: other) == LayoutFile.text(of: self)
  }
}
