import Cluster

/// Makes a layout of a tree, and notes every mistake on the way.
struct LayoutReader {
  var mistakes: [LayoutMistake] = []
  /// Where each tier and node was named first.
  var tierPlaces: [TierName: Place] = [:]
  var nodePlaces: [NodeName: Place] = [:]
  /// Where each endpoint was asked first, and through which host.
  var sourcePlaces: [Source: Place] = [:]
  var roles: [NodeName: Layout.Role] = [:]
  /// What each replica says it follows, for when all nodes are known.
  var following: [(name: String, place: Place)] = []
  /// Comparisons left for suggestions: a file of nothing but mistakes must not take minutes.
  private var spellingBudget = 500_000

  /// Whether a tree is meant as a layout at all. Of what is not, nothing may ever be shown.
  static func isLayout(_ root: YAMLNode) -> Bool {
    guard case .mapping(let pairs) = root.content else { return false }
    return pairs.contains { pair in
      if case .scalar(let key, _) = pair.key.content { key == "cluster" || key == "tiers" } else { false }
    }
  }

  mutating func layout(_ tree: YAMLTree) -> Layout {
    for (refusal, place) in tree.refusals { note(.refused(refusal), at: place) }
    var layout = Layout(cluster: "")
    let fields = fields(of: tree.root, in: .layout)
    if let node = fields["cluster"] { layout.cluster = name(node, spaces: true) ?? "" }
    if let node = fields["interval"] {
      layout.interval = duration(node, in: .milliseconds(100) ... .seconds(3600)) ?? layout.interval
    }
    if let node = fields["entry"] { layout.entry = entry(node) }
    if let node = fields["tiers"] { layout.tiers = tiers(node) }
    checkPrimaries()
    if let node = fields["firewalls"] { layout.firewalls = firewalls(node) }
    if let node = fields["nftables"] { layout.filter = filter(node) }
    if let node = fields["drain"] { layout.drain = drain(node) }
    if let node = fields["audit"] { layout.audit = audit(node) }
    if let node = fields["health"] { health(node, of: &layout) }
    if let node = fields["screen"] { layout.screen = screen(node) }
    if let node = fields["history"] { layout.history = history(node) }
    mistakes.sort { $0.place < $1.place }
    return layout
  }

  mutating func note(_ fact: LayoutMistake.Fact, at place: Place) {
    mistakes.append(LayoutMistake(place: place, fact: fact))
  }

  /// A text of the file, fit to be shown.
  static func shown(_ text: String) -> String {
    let start = text.prefix(41)
    return printable(
      start.utf8.count > 200 || start.count > 40 ? String(text.unicodeScalars.prefix(40)) + "…" : text)
  }

  mutating func suggestion(for word: String, in candidates: [String]) -> String? {
    suggestion(for: word, among: candidates.count) { candidates }
  }

  /// The same where the candidates have to be gathered first.
  mutating func suggestion(for word: String, among count: Int, in candidates: () -> [String]) -> String? {
    guard count <= spellingBudget else { return nil }
    spellingBudget -= count
    return nearest(to: word, in: candidates())
  }
}

// The building blocks: every one notes what is wrong and returns what could be read.
extension LayoutReader {
  /// The values of a mapping by key; unknown, missing and repeated keys are noted.
  mutating func fields(of node: YAMLNode, in section: LayoutMistake.Section) -> [String: YAMLNode] {
    guard let pairs = pairs(of: node, in: section) else { return [:] }
    var fields: [String: YAMLNode] = [:]
    for (key, place, value) in pairs {
      if section.keys.contains(key) {
        fields[key] = value
      } else if ["password", "passwd", "secret", "token"].contains(key) {
        note(.secretKey(key), at: place)
      } else {
        let near = suggestion(for: key, in: section.keys)
        note(.unknownKey(Self.shown(key), of: section, nearest: near), at: place)
      }
    }
    let written = Set(pairs.map(\.key))
    for key in section.required where !written.contains(key) {
      note(.missingKey(key, of: section), at: node.place)
    }
    return fields
  }

  /// The keys and values of a mapping, each key once.
  mutating func pairs(
    of node: YAMLNode, in section: LayoutMistake.Section
  ) -> [(key: String, place: Place, value: YAMLNode)]? {
    guard case .mapping(let pairs) = node.content else {
      noteValue(node, expected: .mapping(section))
      return nil
    }
    var places: [String: Place] = [:]
    var result: [(key: String, place: Place, value: YAMLNode)] = []
    for pair in pairs {
      guard case .scalar(let key, _) = pair.key.content else { continue }
      if let first = places[key] {
        note(.duplicateKey(Self.shown(key), first: first), at: pair.key.place)
        continue
      }
      places[key] = pair.key.place
      result.append((key, pair.key.place, pair.value))
    }
    return result
  }

  /// The items of a list that has at least one, unless it `mayBeEmpty`.
  mutating func items(of node: YAMLNode, named items: String, mayBeEmpty: Bool = false) -> [YAMLNode] {
    if case .sequence(let nodes) = node.content, mayBeEmpty || !nodes.isEmpty { return nodes }
    noteValue(node, expected: .list(of: items))
    return []
  }

  /// A word alone, or a list of them.
  mutating func oneOrMore(_ node: YAMLNode, named items: String) -> [YAMLNode] {
    if case .scalar = node.content { return [node] }
    return self.items(of: node, named: items)
  }

  /// A text that `parse` understands; everything else is noted with what was expected.
  mutating func value<T>(
    _ node: YAMLNode, _ expected: Expectation, hidden: Bool = false, _ parse: (String) -> T?
  ) -> T? {
    if let text = text(of: node), let value = parse(text) { return value }
    noteValue(node, expected: expected, hidden: hidden)
    return nil
  }

  /// The text of a scalar; nil for anything else, and for nothing.
  func text(of node: YAMLNode) -> String? {
    guard case .scalar(let text, let isPlain) = node.content else { return nil }
    return isPlain && ["", "~", "null"].contains(text) ? nil : text
  }

  mutating func noteValue(
    _ node: YAMLNode, expected: Expectation, hidden: Bool = false, nearest: String? = nil
  ) {
    let found: LayoutMistake.Found
    switch node.content {
    case .refused: return
    case .mapping: found = .mapping
    case .sequence: found = .sequence
    case .scalar(let text, _):
      if self.text(of: node) == nil {
        found = .nothing
      } else {
        found = hidden ? .hidden : .text(Self.shown(text))
      }
    }
    note(.value(found: found, expected: expected, nearest: nearest), at: node.place)
  }
}
