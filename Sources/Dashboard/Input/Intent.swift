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
  /// Look at a change of what is marked or selected, before it is made.
  case propose(AdminState)
  case weight, undo, reapply, mark
  /// Show the last change.
  case lastChange
  /// Look at the past, or at what is now again.
  case look(PastMotion)
  case markMoment, compare, incidents
  /// Save a stretch as a file.
  case save
  /// In a preview, and in the panel of a change.
  case confirm, nextBackend, note, retry, maintAfterwards, shutDown
  /// In a prompt.
  case accept, complete, eraseCharacter, eraseWord, eraseAll

  enum PastMotion: Hashable, Sendable {
    /// Ticks.
    case step(Int)
    case by(Duration)
    case nextIncident, previousIncident
    case pause, present, goTo
    case zoomIn, zoomOut
    /// Moves the stretch in the bar of time by a share of its length.
    case pan(Double)
  }

  enum Motion: Hashable, Sendable {
    case up, down, left, right, pageUp, pageDown, first, last
  }
}

/// Where a key is pressed.
struct Scope: OptionSet, Hashable, Sendable {
  let rawValue: UInt16

  static let map = Scope(rawValue: 1)
  static let table = Scope(rawValue: 2)
  static let graphs = Scope(rawValue: 4)
  static let events = Scope(rawValue: 8)
  static let detail = Scope(rawValue: 16)
  static let help = Scope(rawValue: 32)
  static let prompt = Scope(rawValue: 64)
  /// A change is looked at.
  static let preview = Scope(rawValue: 128)
  /// The same, where a backend's name has to be typed.
  static let floor = Scope(rawValue: 256)
  /// A change has been made, and its progress is shown.
  static let progress = Scope(rawValue: 512)
  /// A page about the past: a comparison, the incidents.
  static let record = Scope(rawValue: 1024)

  /// How many there are.
  static let count = 11

  static let panels: Scope = [.preview, .floor, .progress]
  /// Where a node is selected.
  static let nodes: Scope = [.map, .table, .graphs, .events, .detail]
  /// But for prompts, where every key is typed.
  static let everywhere: Scope = [.pages, .panels]

  static let views: Scope = [.map, .table, .graphs, .events]
  static let pages: Scope = [.map, .table, .graphs, .events, .detail, .help, .record]
}
