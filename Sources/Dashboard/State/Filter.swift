import Cluster

/// Which nodes are shown: those that hold every word that was typed, in their name, tier, address or state.
struct Filter: Sendable, Equatable {
  var text: String {
    didSet { words = Self.words(of: text) }
  }
  private var words: [[UInt8]]

  init(_ text: String = "") {
    self.text = text
    words = Self.words(of: text)
  }

  var isEmpty: Bool { words.isEmpty }

  private static func words(of text: String) -> [[UInt8]] {
    text.lowercased().split(separator: " ").map { Array($0.utf8) }
  }

  /// The places of the nodes that pass, in the order of the topology. O(nodes · length of the texts).
  func places(in snapshot: Snapshot, haystacks: [[UInt8]]) -> [Int] {
    if words.isEmpty { return Array(snapshot.nodes.indices) }
    return snapshot.nodes.indices.filter { place in
      let state = Array(snapshot.nodes[place].verdict.state.word.utf8)
      return words.allSatisfy { word in
        Self.holds(haystacks[place], word) || Self.holds(state, word)
      }
    }
  }

  /// What the words are looked for in, for each node; changes only with the topology.
  static func haystacks(of topology: Topology) -> [[UInt8]] {
    topology.nodes.map { node in
      var text = node.name.text + "\n" + topology.tiers[node.tier].name.text
      if let address = node.address { text += "\n" + address.description }
      if let role = node.role { text += "\n" + role.rawValue }
      return Array(text.lowercased().utf8)
    }
  }

  private static func holds(_ haystack: [UInt8], _ needle: [UInt8]) -> Bool {
    guard let first = needle.first else { return true }
    guard haystack.count >= needle.count else { return false }
    for start in 0...(haystack.count - needle.count) where haystack[start] == first {
      var length = 1
      while length < needle.count, haystack[start + length] == needle[length] { length += 1 }
      if length == needle.count { return true }
    }
    return false
  }
}
