import Cluster

/// What can be typed after `:`.
enum CommandWord: String, CaseIterable, Sendable {
  case map, table, graphs, events, sort, filter, node, tier, drain, ready, maint, weight, undo, theme, help,
    quit

  /// What follows it, for the help screen; empty for nothing.
  var argument: String {
    switch self {
    case .map, .table, .graphs, .events, .undo, .help, .quit: ""
    case .drain, .ready, .maint: "NOTE"
    case .weight: "N"
    case .sort: "COLUMN"
    case .filter: "WORDS"
    case .node, .tier, .theme: "NAME"
    }
  }

  var words: String {
    switch self {
    case .map, .table, .graphs, .events: "show the \(rawValue)"
    case .sort: "sort the table by a column, or by layout"
    case .filter: "show only what matches; alone: everything"
    case .node: "all about a node"
    case .tier: "to a tier"
    case .drain, .ready, .maint: "\(rawValue) what is marked or selected; why"
    case .weight: "set the weight of what is marked or selected"
    case .undo: "put the last change back"
    case .theme: "dark, light, colour-blind, mono"
    case .help: "this help"
    case .quit: "quit"
    }
  }

  /// What may be typed after it.
  func arguments(in state: State) -> [String] {
    switch self {
    case .sort: Sort.Key.all.map(\.word)
    case .theme: ScreenPreferences.ThemeName.allCases.map(\.rawValue)
    case .node: state.topology.nodes.map(\.name.text)
    case .tier: state.topology.tiers.map(\.name.text)
    case .map, .table, .graphs, .events, .filter, .drain, .ready, .maint, .weight, .undo, .help, .quit: []
    }
  }
}

extension Sort.Key {
  /// Everything that can be sorted by.
  static let all: [Sort.Key] =
    [.layout, .node]
    + ScreenPreferences.Column.allCases.filter { Sort.Key.sortable($0) && $0 != .reason }.map { .column($0) }
}
