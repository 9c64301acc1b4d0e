import Cluster

/// Everything about changes that are looked at or were made.
struct ChangeDesk: Sendable {
  let actor: Actor
  let isReadOnly: Bool
  /// What the next change is about, where not the selection alone.
  var marks: Set<NodeName> = []
  var proposal: Proposal?
  /// The change whose progress is shown.
  var shown: ChangeOrder.ID?
  /// The first line of the panel that is shown.
  var panelTop = 0
  /// Oldest first.
  var made: [OngoingChange] = []
  var hold = HoldPolicy()
  private var nextNumber = 1

  /// How many changes can be undone.
  static let limit = 100

  init(actor: Actor, isReadOnly: Bool) {
    self.actor = actor
    self.isReadOnly = isReadOnly
  }

  subscript(id: ChangeOrder.ID) -> OngoingChange? {
    get { made.first { $0.order.id == id } }
    set {
      guard let place = made.firstIndex(where: { $0.order.id == id }), let newValue else { return }
      made[place] = newValue
    }
  }

  /// Notes an order that is about to be sent.
  mutating func order(_ change: Change, note: String, at moment: Moment) -> ChangeOrder {
    let order = ChangeOrder(id: ChangeOrder.ID(number: nextNumber), change: change, note: note)
    nextNumber += 1
    made.append(OngoingChange(order, at: moment))
    if made.count > Self.limit { made.removeFirst() }
    return order
  }

  /// The newest change that a person made and has not taken back.
  var undoable: OngoingChange? {
    made.last { $0.change.purpose != .undo && $0.change.purpose != .hold && !$0.isUndone }
  }
}

extension State {
  /// Whether a change lies over the view: looked at, or under way.
  var isPanelOpen: Bool { changes.proposal != nil || changes.shown != nil }

  /// Whether anything can be changed from here.
  var access: Access {
    if file != nil { return .readOnly(.file) }
    return changes.isReadOnly ? .readOnly(.asked) : pictures[0].model.snapshot.access
  }

  /// The ground for a change; nil while the screen does not show what is now.
  var live: LiveSnapshot? { pictures.count == 1 ? presentLive : nil }

  /// The ground for what was confirmed before, whatever is shown meanwhile.
  var presentLive: LiveSnapshot? { pictures[0].now.flatMap { pictures[0].model.live(at: $0) } }

  /// The nodes that a key means: the marked ones, else the selected one, else that of the selected event.
  var meantNodes: [NodeName] {
    if !changes.marks.isEmpty { return topology.nodes.map(\.name).filter(changes.marks.contains) }
    if page == .view, view == .events { return event(selectedEvent)?.node.map { [$0] } ?? [] }
    return selection.map { [$0] } ?? []
  }

  /// Sessions that are left on the servers of a change, on the load balancers that have confirmed it; nil where
  /// nobody says yet. O(steps of the change), but for the first time in a topology.
  mutating func sessionsLeft(ofChangeAt index: Int) -> Int64? {
    let snapshot = pictures[0].model.snapshot
    let topology = snapshot.topology
    changes.made[index].place(in: snapshot)
    let ongoing = changes.made[index]
    var total: Int64?
    for (step, place) in ongoing.places where ongoing.outcomes[step] == .done {
      let server = topology.servers[place]
      // What was read before it was confirmed says nothing of what is left.
      guard let age = snapshot.sources[server.balancer.index].age,
        let result = ongoing.results[server.balancer], snapshot.at.since(result.at) > age,
        let sessions = snapshot.servers[place].sessions
      else { return nil }
      total = (total ?? 0) &+ sessions
    }
    return total
  }
}
