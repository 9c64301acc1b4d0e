import Cluster

/// The map: tier by tier, as the traffic flows.
struct MapScreen {
  let state: State

  func draw(on canvas: inout Canvas) {
    if state.topology.tiers.isEmpty {
      canvas.write("no node is known yet", x: 1, y: 1, style: Style(.label))
      return
    }
    let plan = MapPlan(state, size: Size(width: canvas.width, height: canvas.height))
    switch plan.form {
    case .lines(let hasEntry, let hasLinks):
      MapLines(state: state, plan: plan, hasEntry: hasEntry, hasLinks: hasLinks).draw(on: &canvas)
    case .boxes(let columns):
      MapBoxes(state: state, plan: plan, columns: columns).draw(on: &canvas)
    }
  }
}

/// What both forms of the map say in words.
struct MapWords {
  let state: State

  /// `12 up  2 down: web07, web31`: how a tier does, the worst by name as far as `width` goes.
  func summary(of places: [Int], width: Int) -> [(text: String, style: Style)] {
    var groups: [HealthState: [Int]] = [:]
    for place in places { groups[state.snapshot.nodes[place].verdict.state, default: []].append(place) }
    var runs: [(text: String, style: Style)] = []
    var left = width
    func add(_ text: String, _ style: Style) {
      let cut = text.shortened(max(0, left), ellipsis: state.glyphs.ellipsis)
      left -= cut.columns
      if !cut.isEmpty { runs.append((cut, style)) }
    }
    add("\(groups[.up]?.count ?? 0) up", Style(.label))
    for health in HealthState.allCases.sorted(by: { $0.severity > $1.severity }) where health != .up {
      guard let group = groups[health] else { continue }
      add("  ", Style(.label))
      var text = "\(group.count) \(health.word)"
      if health.severity > HealthState.unknown.severity {
        let names = group.prefix(3).map { state.topology.nodes[$0].name.text }.joined(separator: ", ")
        text += ": " + names + (group.count > 3 ? ", \(state.glyphs.ellipsis)" : "")
      }
      add(text, Style(health.role))
    }
    return runs
  }

  /// `firewall: 80/tcp`: what may pass.
  func firewall(_ firewall: Layout.Firewall) -> String {
    "firewall: "
      + (firewall.allow.isEmpty ? "all" : firewall.allow.map(\.description).joined(separator: ", "))
  }

  /// What the site is called and where it answers.
  var entry: String {
    guard let entry = state.topology.layout.entry else { return "" }
    let parts = [entry.dns, entry.vips.isEmpty ? nil : entry.vips.joined(separator: ", ")]
    return parts.compactMap { $0 }.joined(separator: " \(state.glyphs.to) ")
  }

  /// The edges that lead to a tier, and how much flows there.
  func edges(to tier: Int) -> some Collection<(edge: Topology.Edge, rate: EdgeRate?)> {
    state.topology.edges.indices.lazy.filter { state.topology.edges[$0].to == tier }
      .map { (state.topology.edges[$0], state.snapshot.edges[$0]) }
  }

  /// `4.4k/s in all`: what a tier was asked, where that is known and nobody knows all of who asked; else nil.
  func total(of tier: Int) -> String? {
    let edges = edges(to: tier)
    let isEachCounted = edges.allSatisfy { if case .counted? = $0.rate { true } else { false } }
    guard edges.count > 1, !isEachCounted, let asked = state.snapshot.asked[tier] else { return nil }
    return "\(Figures.rate(asked)) in all"
  }
}
