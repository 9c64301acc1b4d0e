import Cluster

extension State {
  mutating func press(_ key: Key) -> [Effect] {
    let scope = self.scope
    let intent = Keymap.standard.intent(of: key, in: scope)
    message = nil
    if scope == .prompt { return type(key, intent) }
    guard let intent else {
      if scope == .floor, case .character(let scalar) = key { changes.proposal?.append(scalar) }
      return []
    }
    return carryOut(intent)
  }

  mutating func carryOut(_ intent: Intent) -> [Effect] {
    switch intent {
    case .move(let motion): move(motion)
    case .dive:
      if case .incidents(let selected) = page { return goToIncident(selected) }
      dive()
    case .back: goBack()
    case .show(let view): show(view)
    case .nextView: showView(1)
    case .previousView: showView(-1)
    case .tier(let tier): select(tier: tier)
    case .wholeCluster: subject = .cluster
    case .sortByNext: sortByNext()
    case .reverseSort: sort(by: sort.key, descending: !sort.isDescending)
    case .filter: prompt = Prompt(kind: .filter, text: filter.text, before: filter.text)
    case .command: prompt = Prompt(kind: .command, text: "", before: "")
    case .help: openHelp()
    case .suspend: return [.suspend]
    case .redraw: return [.redraw]
    case .quit: return [.quit]
    case .leave:
      if page == .view { return [.quit] }
      goBack()
    case .propose(let state): propose(.set(state))
    case .weight: askWeight()
    case .undo: proposeUndo()
    case .reapply: propose(.reapply(meantNodes))
    case .mark: toggleMark()
    case .lastChange: showLastChange()
    case .look(let motion): return look(motion)
    case .markMoment: markMoment()
    case .compare: openComparison()
    case .incidents: return [.lookForIncidents]
    case .save: askWhatToSave()
    case .confirm: return confirm()
    case .nextBackend: chooseNextBackend()
    case .note:
      prompt = Prompt(kind: .note, text: changes.proposal?.note ?? "", before: "")
    case .retry: proposeRetry()
    case .maintAfterwards:
      toggleMaintAfterwards()
      return followChanges()
    case .shutDown: toggleShutdown()
    case .eraseCharacter: changes.proposal?.eraseCharacter()
    case .eraseAll: changes.proposal?.typed = ""
    case .accept, .complete, .eraseWord: break
    }
    return []
  }

  private mutating func askWeight() {
    if case .readOnly(let reason) = access {
      message = reason.words
    } else if meantNodes.isEmpty {
      message = "no node is selected"
    } else {
      prompt = Prompt(kind: .weight, text: "", before: "")
    }
  }

  private mutating func showLastChange() {
    changes.shown = changes.made.last?.order.id
    changes.panelTop = 0
    if changes.shown == nil { message = "nothing was changed from here" }
  }

  private mutating func dive() {
    if view == .events {
      guard let name = event(selectedEvent)?.node else { return }
      select(name)
    }
    if selection != nil { page = .detail(top: 0) }
  }

  private mutating func goBack() {
    if isPanelOpen {
      changes.proposal = nil
      changes.shown = nil
      return
    }
    switch page {
    case .help(_, let overDetail): page = overDetail ? .detail(top: 0) : .view
    case .detail, .comparison, .incidents: page = .view
    case .view:
      if !filter.isEmpty {
        filter(by: "")
      } else if !changes.marks.isEmpty {
        changes.marks = []
      } else if subject != .node {
        subject = .node
      }
    }
  }

  mutating func openHelp() {
    switch page {
    case .help: goBack()
    case .detail: page = .help(top: 0, overDetail: true)
    case .view, .comparison, .incidents: page = .help(top: 0, overDetail: false)
    }
  }

  mutating func show(_ view: ScreenPreferences.View) {
    self.view = view
    page = .view
    isSelectionFollowed = true
  }

  /// From a detail, to the view under it; else so many views on, round and round.
  private mutating func showView(_ step: Int) {
    let views = ScreenPreferences.View.allCases
    let place = views.firstIndex(of: view) ?? 0
    show(views[(place + step + views.count) % views.count])
  }

  // MARK: Selecting

  mutating func select(_ name: NodeName) {
    selection = name
    subject = .node
    isSelectionFollowed = true
  }

  /// To the first node of a tier that passes the filter; in the graphs, the tier itself.
  mutating func select(tier: Int) {
    guard topology.tiers.indices.contains(tier) else {
      message = "there are \(topology.tiers.count) tiers"
      return
    }
    let nodes = topology.tiers[tier].nodes
    if let place = passing.first(where: nodes.contains) { select(topology.nodes[place].name) }
    if view == .graphs { subject = .tier(topology.tiers[tier].name) }
  }

  // MARK: Ordering and filtering

  private mutating func sortByNext() {
    let shown = (preferences.columns ?? NodeColumns.usual).filter { Sort.Key.sortable($0) && $0 != .reason }
    let keys: [Sort.Key] = [.layout, .node] + shown.map { .column($0) }
    let place = keys.firstIndex(of: sort.key) ?? 0
    let next = keys[(place + 1) % keys.count]
    sort(by: next, descending: next.prefersDescending)
  }

  mutating func sort(by key: Sort.Key, descending: Bool) {
    sort = Sort(key: key, isDescending: descending)
    isSelectionFollowed = true
    relist()
  }

  mutating func filter(by text: String) {
    filter.text = text
    isSelectionFollowed = true
    relist()
  }
}
