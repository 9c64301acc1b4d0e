import Cluster

extension State {
  /// Moves the selection, or scrolls the page that lies over the view.
  mutating func move(_ motion: Intent.Motion) {
    let height = max(1, regions.body.height)
    if isPanelOpen {
      changes.panelTop = Self.scrolled(changes.panelTop, motion, page: height / 2)
      return
    }
    switch page {
    case .detail(let top): page = .detail(top: Self.scrolled(top, motion, page: height))
    case .help(let top, let overDetail):
      page = .help(top: Self.scrolled(top, motion, page: height), overDetail: overDetail)
    case .comparison(let top): page = .comparison(top: Self.scrolled(top, motion, page: height))
    case .incidents(let selected):
      page = .incidents(
        selected: Self.moved(selected, motion, count: record.incidents.count, page: height - 1))
    case .view:
      switch view {
      case .map: moveOnMap(motion, page: height)
      case .table: moveThrough(listing, motion, page: TableScreen.rows(height: height))
      case .graphs: moveInGraphs(motion, page: height)
      case .events:
        selectedEvent = Self.moved(
          selectedEvent, motion, count: events.count, page: EventsScreen.rows(height: height))
      }
    }
  }

  /// Scrolls without selecting: the wheel.
  mutating func scroll(_ lines: Int) {
    if isPanelOpen {
      changes.panelTop = max(0, changes.panelTop + lines)
      return
    }
    switch page {
    case .detail(let top): page = .detail(top: max(0, top + lines))
    case .help(let top, let overDetail): page = .help(top: max(0, top + lines), overDetail: overDetail)
    case .comparison(let top): page = .comparison(top: max(0, top + lines))
    case .incidents: move(lines < 0 ? .up : .down)
    case .view:
      switch view {
      case .table:
        isSelectionFollowed = false
        tableTop = max(0, tableTop + lines)
      case .map, .graphs: move(lines < 0 ? .up : .down)
      case .events: selectedEvent = max(0, min(selectedEvent + lines, events.count - 1))
      }
    }
  }

  private mutating func moveOnMap(_ motion: Intent.Motion, page: Int) {
    let body = regions.body
    let plan = MapPlan(self, size: Size(width: body.width, height: body.height))
    switch (motion, plan.form) {
    case (.left, _), (.right, _): moveAcross(plan, by: motion == .left ? -1 : 1)
    case (_, .boxes):
      // Up and down stay in the column.
      let tier = selectedPlace.map { topology.nodes[$0].tier }
      let column = plan.tiers.first { $0.tier == tier } ?? plan.tiers.first { !$0.order.isEmpty }
      moveThrough(column?.order ?? [], motion, page: page / 4)
    case (_, .lines): moveThrough(plan.order, motion, page: page)
    }
  }

  /// To the same line of the next tier that has any.
  private mutating func moveAcross(_ plan: MapPlan, by step: Int) {
    guard let place = selectedPlace,
      let column = plan.tiers.firstIndex(where: { $0.tier == topology.nodes[place].tier })
    else {
      if let first = plan.order.first { select(topology.nodes[first].name) }
      return
    }
    let line = (plan.tiers[column].order.firstIndex(of: place) ?? 0) - plan.tiers[column].shown.lowerBound
    var next = column + step
    while plan.tiers.indices.contains(next) {
      let order = plan.tiers[next].order
      if !order.isEmpty {
        select(topology.nodes[order[max(0, min(line, order.count - 1))]].name)
        return
      }
      next += step
    }
  }

  private mutating func moveInGraphs(_ motion: Intent.Motion, page: Int) {
    let all = Metric.allCases
    switch motion {
    case .left: metric = all[(metric.rawValue + all.count - 1) % all.count]
    case .right: metric = all[(metric.rawValue + 1) % all.count]
    case .up, .down, .pageUp, .pageDown, .first, .last: moveThrough(listing, motion, page: page)
    }
  }

  /// Moves the selection through a list of places. What was filtered out begins at the nearest end.
  private mutating func moveThrough(_ places: [Int], _ motion: Intent.Motion, page: Int) {
    guard !places.isEmpty else { return }
    let next: Int
    if let place = selectedPlace, let index = places.firstIndex(of: place) {
      next = Self.moved(index, motion, count: places.count, page: page)
    } else {
      next = motion == .last ? places.count - 1 : 0
    }
    select(topology.nodes[places[next]].name)
  }

  private static func moved(_ index: Int, _ motion: Intent.Motion, count: Int, page: Int) -> Int {
    let step =
      switch motion {
      case .up: -1
      case .down: 1
      case .pageUp: -max(1, page)
      case .pageDown: max(1, page)
      case .first: -count
      case .last: count
      case .left, .right: 0
      }
    return max(0, min(index + step, count - 1))
  }

  private static func scrolled(_ top: Int, _ motion: Intent.Motion, page: Int) -> Int {
    switch motion {
    case .up: max(0, top - 1)
    case .down: top + 1
    case .pageUp: max(0, top - page)
    case .pageDown: top + page
    case .first: 0
    // The end is found when the page is fitted to its lines.
    case .last: 1 << 30
    case .left, .right: top
    }
  }
}
