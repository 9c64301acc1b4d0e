import Cluster

/// Which nodes of which tier the map shows where: worked out once for drawing, moving and clicking.
struct MapPlan: Sendable {
  struct Tier: Sendable {
    /// Place in `topology.tiers`.
    var tier: Int
    /// The nodes that pass the filter: as the layout has them where all fit, else the worst first.
    var order: [Int]
    /// How many lines or boxes of nodes are seen.
    var shown: Range<Int>
    /// Some do not fit, so that there is a line that sums them all up.
    var isCut: Bool { shown.count < order.count }
    /// Lines of each box; 1 is a plain line.
    var height = 1
  }

  enum Form: Sendable {
    case lines(hasEntry: Bool, hasLinks: Bool)
    case boxes(BoxColumns)
  }

  let form: Form
  /// The nodes through which the traffic enters, where anything is asked of them.
  let entry: [Int]
  let tiers: [Tier]

  /// Plans the map for a body of that size.
  init(_ state: State, size: Size) {
    let topology = state.topology
    let nodes = Self.nodesByTier(state)
    entry = state.passing.filter { topology.tiers[topology.nodes[$0].tier].kind == .entry }
    if let columns = BoxColumns(tiers: nodes.count, size: size) {
      form = .boxes(columns)
      let room = size.height - BoxColumns.headLines
      tiers = nodes.map { tier, places in Self.boxed(tier, places, room: room, state) }
      return
    }
    // One line is for the headings; each tier needs one line at least.
    let room = max(0, size.height - 1)
    let hasEntry = topology.layout.entry != nil || !entry.isEmpty
    let links = max(0, nodes.count - (hasEntry ? 0 : 1))
    let entryLines = hasEntry ? max(1, entry.count) : 0
    // What flows between the tiers is worth a line only while each tier has a few of its own.
    let modest = nodes.reduce(0) { $0 + max(1, min(3, $1.places.count)) }
    let isRoomy = room >= modest + links + entryLines
    form = .lines(hasEntry: hasEntry && isRoomy, hasLinks: isRoomy)
    let lines = isRoomy ? room - links - entryLines : max(room, nodes.count)
    let shares = Self.shares(of: lines, needs: nodes.map { max(1, $0.places.count) })
    tiers = zip(nodes, shares).map { entry, share in
      Self.listed(entry.tier, entry.places, lines: share, state)
    }
  }

  /// All nodes of the map in the order in which the selection goes through them.
  var order: [Int] { entry + tiers.flatMap(\.order) }

  private static func nodesByTier(_ state: State) -> [(tier: Int, places: [Int])] {
    let tiers = state.topology.tiers
    // What is before and between the tiers has no column of its own.
    return tiers.indices.compactMap { tier in
      if tiers[tier].kind != .serving { return nil }
      func isOfTier(_ place: Int) -> Bool { state.topology.nodes[place].tier == tier }
      var places: [Int] = []
      places.reserveCapacity(state.passing.count(where: isOfTier))
      for place in state.passing where isOfTier(place) { places.append(place) }
      return (tier, places)
    }
  }

  /// Shares lines out: who needs few gets them all, the others get equally many.
  static func shares(of lines: Int, needs: [Int]) -> [Int] {
    var shares = [Int](repeating: 0, count: needs.count)
    var left = lines
    let order = needs.indices.sorted { needs[$0] == needs[$1] ? $0 < $1 : needs[$0] < needs[$1] }
    for (served, index) in order.enumerated() {
      shares[index] = min(needs[index], max(1, left / (needs.count - served)))
      left -= shares[index]
    }
    return shares
  }

  /// A tier in `lines` lines, the last of them a summary where not all fit.
  private static func listed(_ tier: Int, _ places: [Int], lines: Int, _ state: State) -> Tier {
    if places.count <= lines { return Tier(tier: tier, order: places, shown: 0..<places.count) }
    let order = worstFirst(places, state)
    let height = max(0, lines - 1)
    let selected = state.selectedPlace.flatMap { order.firstIndex(of: $0) }
    let top = Window.top(0, selected: selected, count: order.count, height: height)
    return Tier(tier: tier, order: order, shown: top..<top + height)
  }

  private static func boxed(_ tier: Int, _ places: [Int], room: Int, _ state: State) -> Tier {
    for height in [5, 4, 3] where places.count * height <= room {
      return Tier(tier: tier, order: places, shown: 0..<places.count, height: height)
    }
    return listed(tier, places, lines: room, state)
  }

  /// The worst first, else as the layout has them. O(n).
  private static func worstFirst(_ places: [Int], _ state: State) -> [Int] {
    var bySeverity = [[Int]](repeating: [], count: 7)
    for place in places {
      bySeverity[min(6, state.snapshot.nodes[place].verdict.state.severity)].append(place)
    }
    return bySeverity.reversed().flatMap { $0 }
  }
}

/// Where the columns of boxes stand: the entry, then tier by tier, with room for the edges between them.
struct BoxColumns: Hashable, Sendable {
  var entryWidth: Int
  var boxWidth: Int
  var gap: Int
  var count: Int

  /// The lines above the boxes: the tiers' names, and what is said of them.
  static let headLines = 3

  /// nil where boxes do not fit.
  init?(tiers: Int, size: Size) {
    guard tiers > 0, size.width >= 116, size.height >= 14 else { return nil }
    let narrowGap = size.width >= 160 ? 12 : 8
    // An IPv4 address with its port, where the tiers leave room for it.
    let entries = [25, 18].map { entry in (entry, (size.width - 2 - entry) / tiers - narrowGap) }
    guard let (entry, width) = entries.first(where: { $0.1 >= BoxColumns.narrowestBox }) else { return nil }
    entryWidth = entry
    boxWidth = min(width, 36)
    gap = min(16, narrowGap + width - boxWidth)
    count = tiers
  }

  private static let narrowestBox = 22

  /// Where the column of a tier begins.
  func x(of tier: Int) -> Int { 1 + entryWidth + gap + tier * (boxWidth + gap) }
}
