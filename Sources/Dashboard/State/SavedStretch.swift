public import Cluster

/// A stretch that was saved in a file: all there is to see, where nothing is live.
public struct SavedStretch: Hashable, Sendable {
  /// The file's name; sanitised.
  public var name: String
  /// From its first to its last frame.
  public var span: TimeSpan

  public init(name: String, span: TimeSpan) {
    self.name = name
    self.span = span
  }
}
