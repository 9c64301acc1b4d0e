/// How a cell looks, by what it means: a theme gives each role its colours.
public struct Style: Hashable, Sendable {
  public var role: Role
  public var emphasis: Emphasis

  public init(_ role: Role, _ emphasis: Emphasis = []) {
    self.role = role
    self.emphasis = emphasis
  }

  public static let plain = Style(.text)

  public enum Role: UInt8, Hashable, Sendable, CaseIterable {
    /// Ordinary text.
    case text
    /// Labels, units, what is less important.
    case label
    /// Lines, boxes, edges.
    case line
    /// Headings and the bar at the top.
    case title
    /// What is interactive: keys, links, prompts.
    case accent
    case up, degraded, draining, maint, down, stale, unknown
    /// Sparklines and graphs.
    case graph
    /// The header's LIVE mark, and its opposite while looking at the past.
    case live, replay
  }

  public struct Emphasis: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let bold = Emphasis(rawValue: 1)
    public static let dim = Emphasis(rawValue: 2)
    public static let underline = Emphasis(rawValue: 4)
    /// The selected row: the theme's selection background.
    public static let selected = Emphasis(rawValue: 8)
    public static let reverse = Emphasis(rawValue: 16)
  }
}
