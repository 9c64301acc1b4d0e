import Cluster

/// What went wrong in the past, the newest first, and how well it was served all in all.
struct IncidentsScreen {
  /// Newest first.
  let incidents: [Incident]
  /// For each scope, the cluster first, its availability over each of `Availability.windows`.
  let service: [(scope: ServiceScope, windows: [Availability])]
  /// The layout's.
  let objective: Double
  let now: WallTime
  let look: Look

  private var glyphs: Glyphs { Glyphs(isUnicode: look.isUnicode) }

  /// Everything: how it was served, a blank line, the incidents.
  func lines(width: Int) -> [TextLine] {
    let service = self.service(width: width)
    return service + (service.isEmpty ? [] : [TextLine()]) + list(width: width)
  }

  /// The headings and a line for each incident, in their order; one line of words where there is none.
  func list(width: Int) -> [TextLine] {
    if incidents.isEmpty {
      var line = TextLine()
      line.add("no incident is known of", Style(.label), at: 1)
      return [line]
    }
    let columns: [TextTable.Column] = [
      .init(title: "BEGAN", width: Figures.momentWidth, isNumber: true),
      .init(title: "LASTED", width: 6, isNumber: true), .init(title: "WORST", width: 10, rank: 1),
      .init(title: "FAILED", width: 6, isNumber: true, rank: 2),
      .init(title: "OF", width: 6, isNumber: true, rank: 4),
      .init(title: "ERRORS", width: Figures.percentWidth, isNumber: true, rank: 3),
      .init(title: "EVENTS", width: 6, isNumber: true, rank: 5),
      .init(title: "NODES", width: 14, isOpen: true),
    ]
    var table = TextTable(columns: columns, rows: [])
    let names = table.width(ofColumn: columns.count - 1, width: width - 1, inset: 1) ?? 0
    table.rows = incidents.map { incident -> [TextTable.Field] in
      let state = incident.state
      let isOver = incident.end != nil
      return [
        (Figures.moment(incident.start, now: now, utcOffset: look.utcOffset), Style(.label)),
        (incident.lasted(at: now), isOver ? .plain : Style(state.role, .bold)),
        ("\(glyphs.state(state)) \(incident.word)", Style(state.role)),
        (incident.countWords(incident.failed), .plain),
        (incident.countWords(incident.requests), Style(.label)),
        (Figures.percent(incident.worstErrorRate), .plain),
        (Figures.count(Int64(incident.eventCount)), Style(.label)),
        (incident.nodeWords(width: names), .plain),
      ]
    }
    return table.lines(width: width - 1, inset: 1, ellipsis: glyphs.ellipsis)
  }

  /// The share of time and of requests that was served, over each window, and what is left of the budget;
  /// nothing where there is nothing to say. Where not all of it fits into `height` lines, the whole cluster's.
  func service(width: Int, height: Int = .max) -> [TextLine] {
    let all = lines(of: service, width: width)
    if all.count <= height { return all }
    let first = lines(of: Array(service.prefix(1)), width: width)
    return first.count <= height ? first : []
  }

  private func lines(
    of service: [(scope: ServiceScope, windows: [Availability])], width: Int
  ) -> [TextLine] {
    if service.isEmpty { return [] }
    let isSame = service.allSatisfy { $0.windows.map(\.knownWords) == service[0].windows.map(\.knownWords) }
    let longest = service.reduce(7) { max($0, $1.scope.words.columns + (isSame ? 0 : 6)) }
    let nameWidth = min(16, longest)
    let share = Figures.availabilityWidth
    let columns: [TextTable.Column] = [
      .init(title: "", width: nameWidth), .init(title: "", width: 8, rank: 1),
      .init(title: "1h", width: share, isNumber: true, rank: 4),
      .init(title: "24h", width: share, isNumber: true, rank: 2),
      .init(title: "7d", width: share, isNumber: true, rank: 3),
      .init(title: "30d", width: share, isNumber: true),
      .init(title: "LEFT 30d", width: share, isNumber: true, rank: 1),
    ]
    var rows: [[TextTable.Field]] = []
    var told: [String]?
    for (scope, windows) in service {
      // How much is known, where that is not all, and of a tier where it is other than above.
      let known = windows.map(\.knownWords)
      let isNews = known != told && windows.contains { $0.knowledge != .nothing }
      if isNews, told != nil || windows.contains(where: { $0.knowledge != .all }) {
        let name = told == nil ? "known" : "\(scope.words) known"
        rows.append(
          [(name, Style(.label)), ("", .plain)] + known.map { ($0, Style(.label)) } + [("", .plain)])
      }
      if told == nil { told = known }
      let budget = windows.last?.budget(objective: objective)
      rows.append(
        [(scope.words, .plain), ("time", Style(.label))]
          + windows.map { (Figures.availability($0.timeShare), style(of: $0.timeShare, $0)) }
          + [left(budget?.timeSpent, windows.last)])
      rows.append(
        [("", .plain), ("requests", Style(.label))]
          + windows.map { (Figures.availability($0.requestShare), style(of: $0.requestShare, $0)) }
          + [left(budget?.requestsSpent, windows.last)])
    }
    let goal = "objective \(Figures.availability(objective))"
    let note = width < 72 ? goal : "\(goal); left: of what may fail in the time known"
    return [.heading("SERVED", note)]
      + TextTable(columns: columns, rows: rows).lines(
        width: min(width - 1, 76), inset: 1, ellipsis: glyphs.ellipsis)
  }

  /// What missed the objective stands out; what is known of less than half the time steps back.
  private func style(of share: Double?, _ availability: Availability) -> Style {
    guard let share else { return Style(.stale) }
    return share < objective ? Style(.degraded, emphasis(availability)) : Style(.text, emphasis(availability))
  }

  private func emphasis(_ availability: Availability?) -> Style.Emphasis {
    availability?.knowledge == .little ? .dim : []
  }

  private func left(_ spent: Double?, _ availability: Availability?) -> TextTable.Field {
    guard let spent else { return (Figures.absent, Style(.stale)) }
    let role: Style.Role = spent > 1 ? .down : spent > 0.75 ? .degraded : .text
    return (Figures.budget(spent: spent), Style(role, emphasis(availability)))
  }
}
