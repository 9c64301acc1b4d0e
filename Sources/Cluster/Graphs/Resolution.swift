/// How fine figures are kept: each coarser one is smaller and goes back further.
public enum Resolution: Int, Hashable, Sendable, CaseIterable {
  /// Every tick.
  case raw
  /// One point for each minute.
  case minute
  /// One point for each hour.
  case hour

  /// What one point covers; nil for a tick, whose length the layout says.
  public var width: Duration? {
    switch self {
    case .raw: nil
    case .minute: .seconds(60)
    case .hour: .seconds(3600)
    }
  }

  /// The coarsest that still has about a point for each column: there is nothing more to see in a finer one.
  /// A point may be up to a quarter wider than a column.
  public static func choose(span: Duration, columns: Int) -> Resolution {
    let column = span / max(1, columns)
    return allCases.last { $0.width.map { $0 <= column + column / 4 } ?? true } ?? .raw
  }
}
