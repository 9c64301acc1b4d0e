import Cluster

/// Takes an action in, and returns what has to be done outside.
///
/// Pure: what it does depends on the state and the action alone. O(n log n) in the nodes for a frame, O(n)
/// for a key.
public func update(_ state: inout State, _ action: Action) -> [Effect] {
  let effects = state.take(action)
  state.settle()
  return effects + state.wantedGraph()
}

extension State {
  /// Takes an action in; lists may be out of their bounds afterwards.
  fileprivate mutating func take(_ action: Action) -> [Effect] {
    switch action {
    case .begin(let model, let moment, let events):
      begin(with: model, at: moment, events: events)
      return wantedStrip()
    case .frame(let frame):
      advance(with: frame)
      refreshProposal()
      return followChanges() + holdIntents() + wantedStrip()
    case .clock(let moment):
      age(to: moment)
      refreshProposal()
      return followChanges()
    case .resize(let size):
      self.size = size
      return []
    case .key(let key):
      return press(key)
    case .mouse(let event):
      return use(event)
    case .paste(let text):
      paste(text)
      return []
    case .result(let id, let result):
      take(result, of: id)
      return []
    case .intents(let intents):
      pictures[0].model.adopt(intents)
      return []
    case .past(let picture):
      show(picture)
      return wantedStrip()
    case .pastTrails(let model, let sequence):
      fillTrails(from: model, at: sequence)
      return []
    case .strip(let strip):
      self.strip = strip
      return []
    case .graph(let graph):
      show(graph)
      return []
    case .incidents(let incidents):
      show(incidents)
      return wantedCounts()
    case .counts(let counts, let start):
      take(counts, ofIncidentAt: start)
      return wantedCounts()
    case .pastMinutes(let model):
      pictures[0].precede(with: model)
      return []
    case .keeper(let keeper):
      self.keeper = keeper
      return []
    case .notice(let text):
      message = printable(text)
      return []
    }
  }
}

extension State {
  /// Keeps what is selected on the screen, and every list within its bounds.
  mutating func settle() {
    let height = regions.body.height
    let selected = selectedPlace.flatMap { listing.firstIndex(of: $0) }
    if isSelectionFollowed {
      tableTop = Window.top(
        tableTop, selected: selected, count: listing.count, height: TableScreen.rows(height: height))
    } else {
      tableTop = Window.top(
        tableTop, selected: nil, count: listing.count, height: TableScreen.rows(height: height))
    }
    selectedEvent = max(0, min(selectedEvent, events.count - 1))
    eventTop = Window.top(
      eventTop, selected: selectedEvent, count: events.count, height: EventsScreen.rows(height: height))
    if isPanelOpen {
      let panel = ChangePanel(state: self)
      changes.panelTop = Window.top(
        changes.panelTop, selected: nil, count: panel.lines(width: size.width).count,
        height: panel.rows(in: regions.body))
    }
    switch page {
    case .view: break
    case .detail(let top): page = .detail(top: pageTop(top, height: height))
    case .help(let top, let overDetail):
      page = .help(top: pageTop(top, height: height), overDetail: overDetail)
    case .comparison(let top): page = .comparison(top: pageTop(top, height: height))
    case .incidents(let selected):
      page = .incidents(selected: max(0, min(selected, record.incidents.count - 1)))
    }
  }

  /// The first line of the page over the view. The lines are only made to be counted where it was scrolled: the top
  /// is the top, however many there are.
  private func pageTop(_ top: Int, height: Int) -> Int {
    top == 0 ? 0 : Window.top(top, selected: nil, count: pageLength, height: height)
  }

  /// How many lines the page over the view has.
  private var pageLength: Int {
    switch page {
    case .view, .incidents: 0
    case .comparison: comparison?.lines(width: size.width).count ?? 0
    case .detail: DetailScreen(state: self).lines(width: size.width).count
    case .help: HelpScreen(state: self).lines(width: size.width).count
    }
  }
}
