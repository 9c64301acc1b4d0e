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

      /// Stays longest where it is narrow.
      var isEssential: Bool { rank == 1 || rank >= 8 }
    }
  }

  enum Group: String, CaseIterable, Sendable {
    case moving = "Moving"
    case views = "Views"
    case finding = "Finding"
    case sorting = "Sorting"
    case past = "The past"
    case changing = "Changing"
    case looking = "Before and after a change"
    case prompt = "In a prompt"
    case program = "Program"
  }

  let bindings: [Binding]
  private let intents: [[Key: Intent]]
  /// By place, and for each now, in a file, and in the past with a present and without.
  private let hints: [[Binding.Hint]]

  static let standard = Keymap(bindings: allBindings)

  init(bindings: [Binding]) {
    self.bindings = bindings
    intents = (0..<Scope.count).map { bit in
      var table: [Key: Intent] = [:]
      for binding in bindings where binding.scope.rawValue & (1 << UInt16(bit)) != 0 {
        for (place, key) in binding.keys.enumerated() {
          table[key] = binding.intents[min(place, binding.intents.count - 1)]
        }
      }
      return table
    }
    hints = (0..<Scope.count).flatMap { bit in
      [(false, false), (false, true), (true, false), (true, true)].map { isPast, hasPresent in
        Self.hints(
          of: bindings, in: Scope(rawValue: 1 << UInt16(bit)), isPast: isPast, hasPresent: hasPresent)
      }
    }
  }

  /// What the key means there; nil where it means nothing.
  func intent(of key: Key, in scope: Scope) -> Intent? {
    intents[min(scope.rawValue.trailingZeroBitCount, Scope.count - 1)][key]
  }

  /// The hints for a place, the most useful first. In the past nothing can be changed, and there is a way back.
  ///
  /// - Parameter ongoing: the change whose panel it is: what would do nothing to it is not offered.
  func hints(
    in scope: Scope, isPast: Bool, hasPresent: Bool = true, of ongoing: OngoingChange? = nil
  ) -> [Binding.Hint] {
    guard let ongoing else {
      let place = min(scope.rawValue.trailingZeroBitCount, Scope.count - 1)
      return hints[4 * place + (isPast ? 2 : 0) + (hasPresent ? 1 : 0)]
    }
    return Self.hints(
      of: bindings.filter { $0.intents.contains(where: ongoing.offers) }, in: scope, isPast: isPast,
      hasPresent: hasPresent)
  }

  private static func hints(
    of bindings: [Binding], in scope: Scope, isPast: Bool, hasPresent: Bool
  ) -> [Binding.Hint] {
    bindings.filter { binding in
      if binding.scope.isDisjoint(with: scope) || isPast && binding.group == .changing { return false }
      return isPast && hasPresent || binding.intents != [.look(.present)]
    }.compactMap(\.hint).sorted { $0.rank < $1.rank }
  }
}

extension OngoingChange {
  /// Whether a key of its panel does something, and does not only say why it does nothing.
  fileprivate func offers(_ intent: Intent) -> Bool {
    switch intent {
    case .retry: !isDoneEverywhere
    case .maintAfterwards: canGoToMaint
    case .shutDown: canShutDown
    default: true
    }
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
  private static var allBindings: [Binding] {
    moving + views + finding + past + changing + looking + prompt + program
  }

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
      words: "to a tier; in graphs, the whole tier", hint: hint("1-9", "tier", 6), group: .moving),
    Binding(
      .moving, [.character("0")], .wholeCluster, in: .graphs, "graphs of the whole cluster",
      hint: hint("0", "cluster", 6)),
    Binding(
      .moving, [.enter], .dive, in: .views, "everything about the selected node",
      hint: hint("Enter", "detail", 1)),
    Binding(.moving, [.escape, .backspace], .back, in: .views, "forget the filter; then the marks"),
    Binding(
      .moving, [.escape, .backspace], .back, in: [.detail, .help, .record],
      "from a detail or the help: back",
      hint: hint("Esc", "back", 1)),
  ]

  private static let views: [Binding] = [
    Binding(
      .views, [.tab], .nextView, in: [.nodes, .record], "the next view",
      hint: hint("Tab", "view", 2)),
    Binding(
      .views, [.backTab], .previousView, in: [.nodes, .record], "the view before"),
    Binding(.views, [.function(2)], .show(.map), in: .pages, "map: the tiers as traffic flows"),
    Binding(.views, [.function(3)], .show(.table), in: .pages, "table: every node"),
    Binding(.views, [.function(4)], .show(.graphs), in: .pages, "graphs: figures over time"),
    Binding(.views, [.function(5)], .show(.events), in: .pages, "events: what changed, and when"),
    Binding(
      .views, [.character("?"), .function(1)], .help, in: .pages, "this help", hint: hint("?", "help", 8)),
  ]

  private static let finding: [Binding] = [
    Binding(
      .finding, [.character("/")], .filter, in: .views,
      "filter by a part of name, tier, state or address", hint: hint("/", "filter", 4)),
    Binding(
      .finding, [.character(":")], .command, in: .pages, "type a command; Tab completes it",
      hint: hint(":", "command", 7)),
    Binding(
      .sorting, [.character("s")], .sortByNext, in: .table, "sort by the next column",
      hint: hint("s", "sort", 5)),
    Binding(
      .sorting, [.character("I")], .reverseSort, in: .table, "turn the order round",
      hint: hint("I", "reverse", 6)),
  ]

  private static let past: [Binding] = [
    Binding(
      keys: [.character(","), .character(".")], shown: nil, scope: [.nodes, .record],
      intents: [.look(.step(-1)), .look(.step(1))], words: "a step back, a step on",
      hint: hint(",", "back", 6), group: .past),
    Binding(
      keys: [.character("<"), .character(">")], shown: nil, scope: [.nodes, .record],
      intents: [.look(.by(.seconds(-60))), .look(.by(.seconds(60)))], words: "a minute back, a minute on",
      hint: nil, group: .past),
    Binding(
      keys: [.character("("), .character(")")], shown: nil, scope: [.nodes, .record],
      intents: [.look(.by(.seconds(-3600))), .look(.by(.seconds(3600)))], words: "an hour back, an hour on",
      hint: nil, group: .past),
    Binding(
      keys: [.character("{"), .character("}")], shown: nil, scope: [.nodes, .record],
      intents: [.look(.previousIncident), .look(.nextIncident)],
      words: "to the incident before, to the next one", hint: nil, group: .past),
    Binding(
      .past, [.character("t")], .look(.goTo), in: [.nodes, .record],
      "to a time: 14:05, 3m ago, yesterday 09:00"),
    Binding(
      .past, [.character("p")], .look(.pause), in: [.nodes, .record],
      "stand still; again: go on with what is now"),
    Binding(
      .past, [.character("L")], .look(.present), in: [.nodes, .record], "back to what is now",
      hint: hint("L", "live", 3)),
    Binding(
      keys: [.character("+"), .character("-")], shown: nil, scope: [.nodes, .record],
      intents: [.look(.zoomIn), .look(.zoomOut)],
      words: "a shorter, a longer stretch in the bar of time and the graphs", hint: nil, group: .past),
    Binding(
      keys: [.character("["), .character("]")], shown: nil, scope: [.nodes, .record],
      intents: [.look(.pan(-0.5)), .look(.pan(0.5))],
      words: "the stretch before, the stretch after that; the moment stays", hint: nil, group: .past),
    Binding(.past, [.character("i")], .incidents, in: .nodes, "incidents; Enter goes to one"),
    Binding(.past, [.character("M")], .markMoment, in: [.nodes, .record], "mark the moment that is shown"),
    Binding(
      .past, [.character("=")], .compare, in: [.nodes, .record], "compare with the marked moment"),
    Binding(.past, [.character("S")], .save, in: [.nodes, .record], "save a stretch as a file to be sent"),
    Binding(
      .past, [.enter], .dive, in: .record, "to the incident that is selected", hint: hint("Enter", "go", 1)),
  ]

  private static let changing: [Binding] = [
    Binding(
      .changing, [.character("d")], .propose(.drain), in: .nodes,
      "drain: nothing new, what is there is finished", hint: hint("d", "drain", 3)),
    Binding(
      .changing, [.character("r"), .function(9)], .propose(.ready), in: .nodes, "ready: takes traffic again",
      hint: hint("r", "ready", 4)),
    Binding(
      .changing, [.character("m"), .function(10)], .propose(.maint), in: .nodes,
      "maint: no traffic, no checks", hint: hint("m", "maint", 5)),
    Binding(
      .changing, [.character("w")], .weight, in: .nodes, "weight", hint: hint("w", "weight", 6)),
    Binding(
      .changing, [.character(" ")], .mark, in: [.map, .table, .graphs],
      "mark; the keys above then mean all that is marked"),
    Binding(
      .changing, [.character("a")], .reapply, in: .nodes, "set again what was set here and is lost"),
    Binding(.changing, [.character("u")], .undo, in: .pages, "put the last change back"),
    Binding(.changing, [.character("c")], .lastChange, in: .pages, "the last change, and how it goes"),
  ]

  private static let looking: [Binding] = [
    Binding(
      .looking, [.character("y"), .enter], .confirm, in: .preview, "make the change",
      hint: hint("y", "make it", 1)),
    Binding(
      .looking, [.enter], .confirm, in: .floor, "make the change, once the backend's name is typed",
      hint: hint("Enter", "make it", 1)),
    Binding(
      .looking, [.escape, .character("n"), .character("q"), .control("c")], .back, in: .preview,
      "leave it all as it is",
      hint: hint("Esc", "leave it", 8)),
    Binding(
      .looking, [.escape, .control("c")], .back, in: .floor, "leave it all as it is",
      hint: hint("Esc", "leave it", 8)),
    Binding(
      .looking, [.tab], .nextBackend, in: [.preview, .floor], "one of its backends only, the next, all",
      hint: hint("Tab", "backend", 3)),
    Binding(
      .looking, [.character("e")], .note, in: .preview, "note why", hint: hint("e", "note", 4)),
    Binding(.looking, [.backspace, .control("h")], .eraseCharacter, in: .floor, "erase a character"),
    Binding(.looking, [.control("u")], .eraseAll, in: .floor, "erase all"),
    Binding(
      .looking, [.character("t")], .retry, in: .progress, "try again where it is not done",
      hint: hint("t", "try again", 3)),
    Binding(
      .looking, [.character("u")], .undo, in: .progress, "put it back, wherever it is done",
      hint: hint("u", "put back", 4)),
    Binding(
      .looking, [.character("m")], .maintAfterwards, in: .progress, "maint, once no session is left",
      hint: hint("m", "then maint", 5)),
    Binding(
      .looking, [.character("x")], .shutDown, in: .progress, "shut the sessions that are left down",
      hint: hint("x", "shut down", 6)),
    Binding(
      .looking, [.escape, .enter, .backspace, .character("q"), .control("c")], .back, in: .progress,
      "close; it goes on", hint: hint("Esc", "close", 8)),
    Binding(.looking, [.up, .character("k")], .move(.up), in: [.preview, .progress], "up"),
    Binding(.looking, [.down, .character("j")], .move(.down), in: [.preview, .progress], "down"),
    Binding(.looking, [.pageUp, .control("b")], .move(.pageUp), in: .panels, "a page up"),
    Binding(.looking, [.pageDown, .control("f")], .move(.pageDown), in: .panels, "a page down"),
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
    Binding(.program, [.control("l")], .redraw, in: .everywhere, "draw everything anew"),
    Binding(.program, [.control("z")], .suspend, in: .everywhere, "back to the shell; fg returns"),
    Binding(
      .program, [.character("q")], .leave, in: .pages, "back; from a view, quit", hint: hint("q", "quit", 9)),
    Binding(.program, [.control("c")], .quit, in: .pages, "quit at once"),
  ]
}
