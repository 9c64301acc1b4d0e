import Cluster

/// All keys: the one table behind the handling of keys, the help screen and the hints at the bottom.
struct Keymap: Sendable {
  struct Binding: Sendable {
    var keys: [Key]
    /// The keys in the help screen, where a range is easier to read than a list.
    var shown: String?
    var scope: Scope
    var intents: [Intent]
    /// The sentence of the help screen.
    var words: String
    /// The word at the bottom of the screen, and how soon it has its place there; nil for none.
    var hint: Hint?
    var group: Group

    struct Hint: Sendable {
      var key: String
      var word: String
      /// Lower comes first.
      var rank: Int
    }
  }

  enum Group: String, CaseIterable, Sendable {
    case moving = "Moving"
    case views = "Views"
    case finding = "Finding"
    case sorting = "Sorting"
    case prompt = "In a prompt"
    case program = "Program"
  }

  let bindings: [Binding]
  private let intents: [[Key: Intent]]

  static let standard = Keymap(bindings: allBindings)

  init(bindings: [Binding]) {
    self.bindings = bindings
    intents = (0..<8).map { bit in
      var table: [Key: Intent] = [:]
      for binding in bindings where binding.scope.rawValue & (1 << UInt8(bit)) != 0 {
        for (place, key) in binding.keys.enumerated() {
          table[key] = binding.intents[min(place, binding.intents.count - 1)]
        }
      }
      return table
    }
  }

  /// What the key means there; nil where it means nothing.
  func intent(of key: Key, in scope: Scope) -> Intent? {
    intents[scope.rawValue.trailingZeroBitCount & 7][key]
  }

  /// The hints for a place, the most useful first.
  func hints(in scope: Scope) -> [Binding.Hint] {
    bindings.filter { !$0.scope.isDisjoint(with: scope) }.compactMap(\.hint).sorted { $0.rank < $1.rank }
  }
}

extension Keymap.Binding {
  fileprivate init(
    _ group: Keymap.Group, _ keys: [Key], _ intent: Intent, in scope: Scope, _ words: String,
    hint: Hint? = nil
  ) {
    self.init(
      keys: keys, shown: nil, scope: scope, intents: [intent], words: words, hint: hint, group: group)
  }
}

/// A hint with its rank.
private func hint(_ key: String, _ word: String, _ rank: Int) -> Keymap.Binding.Hint {
  Keymap.Binding.Hint(key: key, word: word, rank: rank)
}

extension Keymap {
  private static var allBindings: [Binding] { moving + views + finding + prompt + program }

  private static let moving: [Binding] = [
    Binding(.moving, [.up, .character("k")], .move(.up), in: .pages, "up"),
    Binding(.moving, [.down, .character("j")], .move(.down), in: .pages, "down"),
    Binding(
      .moving, [.left, .character("h")], .move(.left), in: .pages,
      "the tier before; in graphs, the figure before"),
    Binding(
      .moving, [.right, .character("l")], .move(.right), in: .pages,
      "the next tier; in graphs, the next figure"),
    Binding(.moving, [.pageUp, .control("b")], .move(.pageUp), in: .pages, "a page up"),
    Binding(.moving, [.pageDown, .control("f")], .move(.pageDown), in: .pages, "a page down"),
    Binding(.moving, [.home, .character("g")], .move(.first), in: .pages, "to the first"),
    Binding(.moving, [.end, .character("G")], .move(.last), in: .pages, "to the last"),
    Binding(
      keys: (1...9).map { .character(Unicode.Scalar(UInt8(48 + $0))) }, shown: "1-9",
      scope: [.map, .table, .graphs], intents: (0..<9).map { .tier($0) },
      words: "to a tier; in graphs, the whole tier", hint: nil, group: .moving),
    Binding(.moving, [.character("0")], .wholeCluster, in: .graphs, "graphs of the whole cluster"),
    Binding(
      .moving, [.enter], .dive, in: .views, "everything about the selected node",
      hint: hint("Enter", "detail", 1)),
    Binding(
      .moving, [.escape, .backspace], .back, in: .pages, "back; in a view, forget the filter",
      hint: nil),
  ]

  private static let views: [Binding] = [
    Binding(
      .views, [.tab], .nextView, in: [.map, .table, .graphs, .events, .detail], "the next view",
      hint: hint("Tab", "view", 2)),
    Binding(
      .views, [.backTab], .previousView, in: [.map, .table, .graphs, .events, .detail], "the view before"),
    Binding(.views, [.function(2)], .show(.map), in: .pages, "map: the tiers as traffic flows"),
    Binding(.views, [.function(3)], .show(.table), in: .pages, "table: every node"),
    Binding(.views, [.function(4)], .show(.graphs), in: .pages, "graphs: the last minutes"),
    Binding(.views, [.function(5)], .show(.events), in: .pages, "events: what changed, and when"),
    Binding(
      .views, [.character("?"), .function(1)], .help, in: .pages, "this help", hint: hint("?", "help", 8)),
  ]

  private static let finding: [Binding] = [
    Binding(
      .finding, [.character("/")], .filter, in: .views,
      "filter by a part of name, tier, state or address", hint: hint("/", "filter", 3)),
    Binding(
      .finding, [.character(":")], .command, in: .pages, "type a command; Tab completes it",
      hint: hint(":", "command", 6)),
    Binding(
      .sorting, [.character("s")], .sortByNext, in: .table, "sort by the next column",
      hint: hint("s", "sort", 4)),
    Binding(
      .sorting, [.character("S")], .reverseSort, in: .table, "turn the order round",
      hint: hint("S", "reverse", 5)),
  ]

  private static let prompt: [Binding] = [
    Binding(.prompt, [.enter], .accept, in: .prompt, "take it", hint: hint("Enter", "take", 1)),
    Binding(
      .prompt, [.escape, .control("c")], .back, in: .prompt, "leave it", hint: hint("Esc", "leave", 2)),
    Binding(.prompt, [.tab], .complete, in: .prompt, "complete a command", hint: hint("Tab", "complete", 3)),
    Binding(.prompt, [.backspace, .control("h")], .eraseCharacter, in: .prompt, "erase a character"),
    Binding(.prompt, [.control("w")], .eraseWord, in: .prompt, "erase a word"),
    Binding(.prompt, [.control("u")], .eraseAll, in: .prompt, "erase all"),
    Binding(.prompt, [.up], .move(.up), in: .prompt, "while filtering: up"),
    Binding(.prompt, [.down], .move(.down), in: .prompt, "while filtering: down"),
  ]

  private static let program: [Binding] = [
    Binding(.program, [.control("l")], .redraw, in: .pages, "draw everything anew"),
    Binding(.program, [.control("z")], .suspend, in: .pages, "back to the shell; fg returns"),
    Binding(
      .program, [.character("q")], .leave, in: .pages, "back; from a view, quit", hint: hint("q", "quit", 9)),
    Binding(.program, [.control("c"), .function(10)], .quit, in: .pages, "quit at once"),
  ]
}
