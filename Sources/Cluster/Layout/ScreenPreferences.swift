/// How a layout wants to be shown.
public struct ScreenPreferences: Sendable, Hashable {
  public var view: View
  /// The columns of the table, in order; nil for the default ones.
  public var columns: [Column]?
  public var theme: ThemeName

  public init(view: View = .map, columns: [Column]? = nil, theme: ThemeName = .dark) {
    self.view = view
    self.columns = columns
    self.theme = theme
  }

  /// The views, in the order of Tab.
  public enum View: String, Sendable, Hashable, CaseIterable {
    case map, table, graphs, events
  }

  /// The columns of the table that can be chosen; the node's name always comes first.
  public enum Column: String, Sendable, Hashable, CaseIterable {
    case tier, state, qps, errors, latency, max, sessions, queue, weight, age, spark, address, reason
  }

  public enum ThemeName: String, Sendable, Hashable, CaseIterable {
    case dark, light
    case colourBlind = "colour-blind"
    case mono
  }
}
