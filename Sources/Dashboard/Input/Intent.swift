import Cluster

/// What a key means, wherever it is pressed.
enum Intent: Hashable, Sendable {
  case move(Motion)
  case dive, back
  case show(ScreenPreferences.View)
  case nextView, previousView
  /// Counted from 0.
  case tier(Int)
  case wholeCluster
  case sortByNext, reverseSort
  case filter, command, help
  case suspend, redraw, quit, leave
  /// In a prompt.
  case accept, complete, eraseCharacter, eraseWord, eraseAll

  enum Motion: Hashable, Sendable {
    case up, down, left, right, pageUp, pageDown, first, last
  }
}

/// Where a key is pressed.
struct Scope: OptionSet, Hashable, Sendable {
  let rawValue: UInt8

  static let map = Scope(rawValue: 1)
  static let table = Scope(rawValue: 2)
  static let graphs = Scope(rawValue: 4)
  static let events = Scope(rawValue: 8)
  static let detail = Scope(rawValue: 16)
  static let help = Scope(rawValue: 32)
  static let prompt = Scope(rawValue: 64)

  static let views: Scope = [.map, .table, .graphs, .events]
  static let pages: Scope = [.map, .table, .graphs, .events, .detail, .help]
}
