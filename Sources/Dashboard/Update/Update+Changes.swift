import Cluster

extension State {
  /// Opens the preview of a change, or says why there is none.
  mutating func propose(_ wish: Proposal.Wish, note: String = "") {
    if case .readOnly(let reason) = access {
      message = reason.words
      return
    }
    guard showsNow() else { return }
    var proposal = Proposal(wish: wish, note: note)
    proposal.backends = backendsToChoose(for: wish)
    changes.panelTop = 0
    changes.proposal = proposal
    refreshProposal()
    // What cannot be made at all needs no panel.
    if case .fault(let fault)? = changes.proposal?.content {
      changes.proposal = nil
      message = fault == .nothing ? wish.emptiness : fault.words
    }
  }

  /// Whether anything can be asked for; says so where it cannot.
  private mutating func showsNow() -> Bool {
    if live == nil { message = "the screen does not show what is now: nothing can be changed" }
    return live != nil
  }

  /// Opens the preview for what is marked or selected.
  mutating func propose(_ action: ServerAction, note: String = "") {
    let nodes = meantNodes
    if nodes.isEmpty {
      message = "no node is selected"
    } else {
      propose(.action(action, nodes), note: note)
    }
  }

  private func backendsToChoose(for wish: Proposal.Wish) -> [String] {
    guard case .action(_, let nodes) = wish, let live else { return [] }
    let places = nodes.flatMap { (try? live.servers(of: .node($0, backend: nil))) ?? [] }
    let backends = live.backends(of: places)
    return backends.count > 1 ? backends : []
  }

  /// Makes of the proposal what it comes to now: what is confirmed is what was looked at in the newest frame.
  mutating func refreshProposal() {
    guard var proposal = changes.proposal else { return }
    if let live {
      do throws(ChangeFault) {
        let change = try compiled(proposal, in: live)
        proposal.content = .ready(change, ChangePreview(of: change, in: live))
      } catch {
        proposal.content = .fault(error)
      }
    } else {
      proposal.content = .notLive
    }
    changes.proposal = proposal
  }

  private func compiled(_ proposal: Proposal, in live: LiveSnapshot) throws(ChangeFault) -> Change {
    switch proposal.wish {
    case .action(let action, let nodes):
      // Not every node serves in the backend that was chosen.
      let targets = nodes.map { Target.node($0, backend: proposal.backend) }.filter { target in
        proposal.backend == nil || nodes.count == 1 || (try? live.servers(of: target)) != nil
      }
      return try Change(action, on: targets, in: live)
    case .undo(let id):
      guard let made = changes[id] else { throw .nothing }
      return try Change(undoing: made.change, made.outcomes, in: live)
    case .retry(let id):
      guard let made = changes[id] else { throw .nothing }
      return try Change(retrying: made.change, made.outcomes, in: live)
    case .reapply(let nodes):
      let servers = Set(
        nodes.flatMap { (try? live.servers(of: .node($0, backend: nil))) ?? [] }.map(live.snapshot.row))
      let lost = live.snapshot.lost.map(\.intent).filter { servers.contains($0.row) }
      return try Change(reapplying: lost, in: live)
    }
  }

  mutating func chooseNextBackend() {
    guard var proposal = changes.proposal, !proposal.backends.isEmpty else { return }
    if let place = proposal.backend.flatMap(proposal.backends.firstIndex(of:)) {
      proposal.backend = place + 1 < proposal.backends.count ? proposal.backends[place + 1] : nil
    } else {
      proposal.backend = proposal.backends[0]
    }
    proposal.typed = ""
    changes.panelTop = 0
    changes.proposal = proposal
    refreshProposal()
  }

  /// Orders what is looked at.
  mutating func confirm() -> [Effect] {
    // Time may have passed since the newest frame: what is late is not live.
    refreshProposal()
    guard let proposal = changes.proposal, let now else { return [] }
    switch proposal.content {
    case .notLive:
      message = "the screen does not show what is now: nothing was sent"
      return []
    case .fault(let fault):
      message = fault.words
      return []
    case .ready(let change, let preview):
      if let breach = preview.floorBreach, proposal.typed != breach.backend {
        message = "type the backend's name, \(breach.backend), to go below its floor: nothing was sent"
        return []
      }
      changes.proposal = nil
      changes.marks = []
      if case .undo(let id) = proposal.wish { changes[id]?.isUndone = true }
      let order = changes.order(change, note: proposal.note, at: now)
      changes.shown = order.id
      changes.panelTop = 0
      return [.apply(order)]
    }
  }

  // MARK: What becomes of it

  mutating func take(_ result: BalancerResult, of id: ChangeOrder.ID) {
    guard var ongoing = changes[id] else { return }
    ongoing.take(result)
    changes[id] = ongoing
    record(pictures[0].model.settle(ongoing.change, result, by: changes.actor, note: ongoing.order.note))
    if ongoing.isKnown, changes.shown != id { message = ongoing.summary }
  }

  /// What the newest frame says of changes under way: progress, and what was to come after it.
  mutating func followChanges() -> [Effect] {
    guard !changes.made.isEmpty else { return [] }
    var effects: [Effect] = []
    // A change that follows from one is added behind them.
    for place in changes.made.indices where changes.made[place].isFollowed {
      if let left = sessionsLeft(ofChangeAt: place) {
        changes.made[place].progress.note(left, at: present.model.snapshot.at)
      }
      effects += carryOn(place)
    }
    return effects
  }

  /// Maintenance once nobody is left, or the end of the sessions once their time is over.
  private mutating func carryOn(_ place: Int) -> [Effect] {
    let ongoing = changes.made[place]
    guard let live = presentLive, let now = present.now, ongoing.isKnown, let left = ongoing.progress.left
    else { return [] }
    let targets = ongoing.servers.map { Target.server($0) }
    var next: ServerAction?
    if ongoing.goesToMaint, left == 0 {
      next = .set(.maint)
      changes.made[place].goesToMaint = false
    } else if let end = ongoing.shutdownAt, end.uptime <= now.uptime {
      if left > 0 { next = .shutdownSessions }
      changes.made[place].shutdownAt = nil
    }
    guard let next, let change = try? Change(next, on: targets, in: live) else { return [] }
    let order = changes.order(change, note: ongoing.order.note, at: now)
    if changes.shown == ongoing.order.id { changes.shown = order.id }
    return [.apply(order)]
  }

  /// Sets again what is lost, where the layout says so.
  mutating func holdIntents() -> [Effect] {
    let snapshot = present.model.snapshot
    guard snapshot.topology.layout.drain.hold, !snapshot.lost.isEmpty, case .readWrite = access,
      let live = presentLive, let now = present.now
    else { return [] }
    let due = changes.hold.due(snapshot.lost, at: now)
    guard !due.isEmpty, let change = try? Change(reapplying: due, purpose: .hold, in: live) else { return [] }
    return [.apply(changes.order(change, note: "", at: now))]
  }

  // MARK: Keys of its panel

  mutating func toggleMaintAfterwards() {
    guard let id = changes.shown, let ongoing = changes[id] else { return }
    guard ongoing.canGoToMaint else {
      message = "only a drain can go on to maint"
      return
    }
    // It is taken back at any time.
    guard ongoing.goesToMaint || showsNow() else { return }
    changes[id]?.goesToMaint.toggle()
  }

  /// Asks after what time sessions are shut down; again, takes it back.
  mutating func toggleShutdown() {
    guard let id = changes.shown, let ongoing = changes[id] else { return }
    if ongoing.shutdownAt != nil {
      changes[id]?.shutdownAt = nil
    } else if ongoing.canShutDown {
      guard showsNow() else { return }
      prompt = Prompt(kind: .shutdown, text: "", before: "")
    } else {
      message = "there are no sessions to wait for"
    }
  }

  mutating func shutDown(after text: String) -> [Effect] {
    guard showsNow(), let id = changes.shown, let now = present.now else { return [] }
    guard let delay = Duration(parsing: text), delay >= .zero, delay <= .seconds(86_400) else {
      message = "\"\(printable(text).shortened(20))\" is no time: 0s, 30s, 5m"
      return []
    }
    changes[id]?.shutdownAt = Moment(wall: now.wall, uptime: now.uptime + delay)
    return followChanges()
  }

  /// Undoes the change that is shown, or else the last one.
  mutating func proposeUndo() {
    guard let made = changes.shown.flatMap({ changes[$0] }) ?? changes.undoable else {
      message = "nothing was changed from here"
      return
    }
    propose(.undo(made.order.id))
  }

  mutating func proposeRetry() {
    guard let id = changes.shown, let made = changes[id] else { return }
    if made.isDoneEverywhere { message = "it is done everywhere" } else { propose(.retry(id)) }
  }

  mutating func toggleMark() {
    guard page == .view, view != .events, let name = selection else { return }
    if changes.marks.remove(name) == nil { changes.marks.insert(name) }
    move(.down)
  }
}
