import Cluster
import Control
import Dashboard
import Platform

/// A roll from the shell: looks, asks, does what the engine orders, and says where it stands.
final class RollSession {
  private let options: RollOptions
  private let layout: Layout
  private let cluster: LiveCluster
  private let actor = Actor.current()
  private let memory: ChangeMemory
  private let journal: RollJournal
  private let speech: Speech
  /// Why nodes are out, for whoever looks.
  private let note: String
  private var plan: RollPlan?
  private var roll = Roll(of: [], limits: Roll.Limits())
  private var commands: [NodeName: NodeCommand] = [:]
  /// Nodes that were sent something.
  private var told: Set<NodeName> = []

  init(_ options: RollOptions, _ layout: Layout) throws {
    self.options = options
    self.layout = layout
    note = options.consent.note.isEmpty ? "roll of \(printable(options.tier))" : options.consent.note
    speech = Speech(isJSON: options.isJSON)
    journal = try RollJournal(options, layout)
    memory = ChangeMemory(of: layout, actor: actor) { Output.warn($0) }
    cluster = try LiveCluster(layout)
  }

  func run() throws -> ExitStatus {
    defer { cluster.close() }
    let end = try carryOut()
    if options.isJSON {
      RollDocument(
        options: options, layout: layout, actor: actor, plan: plan, roll: roll, end: end,
        at: cluster.loop.now.wall
      ).print()
    }
    return end.status
  }

  private func carryOut() throws -> ChangeEnd {
    if try cluster.look() == .interrupted { return .interrupted }
    if let intents = memory.intentsIfChanged() { cluster.adopt(intents) }
    guard let live = cluster.live else {
      speech.complain("no load balancer answers: nothing was done")
      return .unreachable
    }
    let plan = try RollPlan(options, journal.record, in: live)
    self.plan = plan
    roll = plan.roll
    speech.say(plan.text(layout, isWhole: options.isDryRun))
    for source in live.snapshot.sources where source.source.system == .haproxy {
      guard let failure = source.failure else { continue }
      speech.complain(
        "\(source.source.node) does not answer: \(failure.words); a roll needs all load balancers")
      return .partial
    }
    if let (change, breach) = plan.breach, !options.consent.isForced {
      speech.complain("refused: \(breach.words); --force does it anyway; nothing was done")
      if !options.isDryRun {
        memory.noteBelowFloor(change, note: note, at: cluster.loop.now.wall)
      }
      return .floor
    }
    if options.isDryRun || plan.nodes.isEmpty {
      speech.say(plan.nodes.isEmpty ? "there is nothing to be done\n" : "nothing was done: --dry-run\n")
      return .confirmed
    }
    switch try options.consent.ask(question(plan), while: cluster) {
    case .yes: return try roll(plan)
    case .no: speech.say("nothing was done\n")
    case .interrupted: return .interrupted
    }
    return .declined
  }

  private func question(_ plan: RollPlan) -> String {
    let count = min(options.limits.maxDown, plan.nodes.count)
    return "Roll \(plan.nodes.map(\.text).joined(separator: ", ")), \(count) at once?"
  }

  // MARK: Rolling

  private func roll(_ plan: RollPlan) throws -> ChangeEnd {
    cluster.onFrame = { [unowned self] in
      advance()
      cluster.pollSoon()
    }
    defer { cluster.onFrame = nil }
    advance()
    var isLeft = false
    while !isLeft, try cluster.wait(until: { [unowned self] in roll.isOver }) == .interrupted {
      if roll.isInterrupted {
        isLeft = true
      } else {
        speech.complain("interrupted: nothing new begins; what runs is waited for (again: end at once)")
        change { $0.interrupt() }
        advance()
      }
    }
    // Whatever still runs ends here.
    commands = [:]
    if !isLeft, roll.isDone {
      journal.forget()
      speech.say("all of \(plan.tier) is done: \(roll.done.map(\.text).joined(separator: ", "))\n")
      return .confirmed
    }
    sayWhereItStands(plan)
    if isLeft { return .interrupted }
    return roll.nodes.compactMap(\.fault).first?.end ?? .interrupted
  }

  private func sayWhereItStands(_ plan: RollPlan) {
    func names(_ nodes: [NodeName]) -> String { nodes.map(\.text).joined(separator: ", ") }
    var parts: [String] = []
    if !roll.done.isEmpty { parts.append("done: \(names(roll.done))") }
    parts += roll.nodes.filter { $0.fault != nil }.map { "\($0.name) \($0.phase.words)" }
    let under = roll.nodes.filter(\.isUnderWay).map(\.name)
    if !under.isEmpty { parts.append("left in the middle: \(names(under))") }
    let untouched = roll.nodes.filter { $0.phase == .waiting || $0.phase == .returned }.map(\.name)
    if !untouched.isEmpty { parts.append("not done: \(names(untouched))") }
    speech.complain(
      "\(plan.tier): \(parts.joined(separator: "; "))\nThe same command with --resume goes on there.")
  }

  /// Lets the engine look, and does what it orders.
  private func advance() {
    var orders: [Roll.Order] = []
    change { orders = $0.advance(cluster.snapshot) }
    for order in orders { carryOut(order) }
  }

  /// Changes the roll, says what is new and remembers it.
  private func change(_ body: (inout Roll) -> Void) {
    let before = roll
    body(&roll)
    if before.open != roll.open || before.done != roll.done { journal.note(roll) }
    for (old, new) in zip(before.nodes, roll.nodes) where old.phase != new.phase {
      speech.say("\(new.name)  \(new.phase.words)\n")
    }
  }

  private func carryOut(_ order: Roll.Order) {
    switch order {
    case .drain(let node): send(.set(.drain), to: node)
    case .ready(let node): send(.set(.ready), to: node)
    case .run(let node): start(node)
    }
  }

  private func send(_ action: ServerAction, to node: NodeName) {
    do {
      guard let live = cluster.live else { return settle(node, isConfirmed: false) }
      let change = try Change(action, on: [.node(node, backend: nil)], in: live)
      let preview = ChangePreview(of: change, in: live)
      if action.takesAway, !options.consent.isForced, let breach = try breach(with: node, in: live) {
        memory.noteBelowFloor(change, note: note, at: cluster.loop.now.wall)
        return self.change { $0.refuse(node, breach) }
      }
      told.insert(node)
      let silent = preview.silent.count { $0.age == nil }
      try cluster.begin(change) { [cluster, memory, actor, note] result in
        cluster.settle(change, result, by: actor, note: note)
        if let intents = memory.note(change, result, note: note) { cluster.adopt(intents) }
      } ended: { [unowned self] applied in
        let reach = applied.reach(silent: silent)
        if reach != .all {
          speech.say(AppliedText(applied: applied, plan: cluster.snapshot.topology.plan).text)
        }
        settle(node, isConfirmed: reach == .all)
      }
    } catch {
      speech.complain("\(node): \(error.words)")
      settle(node, isConfirmed: false)
    }
  }

  /// The floor that one more node would break, beside those that are out already: what has been sent is not
  /// in the figures yet. It may be otherwise than when the roll began; somebody else may have failed meanwhile.
  private func breach(
    with node: NodeName, in live: LiveSnapshot
  ) throws(ChangeFault) -> ChangePreview.FloorBreach? {
    let out = roll.nodes.filter { $0.isUnderWay && told.contains($0.name) }.map(\.name) + [node]
    let known = out.filter { live.snapshot.topology.place(of: $0) != nil }
    let change = try Change(.set(.drain), on: known.map { .node($0, backend: nil) }, in: live)
    return ChangePreview(of: change, in: live).floorBreach
  }

  private func settle(_ node: NodeName, isConfirmed: Bool) {
    change { $0.settle(node, isConfirmed: isConfirmed, at: cluster.loop.now) }
    cluster.pollSoon()
  }

  private func start(_ node: NodeName) {
    let topology = cluster.snapshot.topology
    let address = topology.place(of: node).flatMap { topology.nodes[$0].address }
    do {
      commands[node] = try NodeCommand(
        plan?.commands[node] ?? "",
        environment: [
          "TIERTOP_NODE=\(node)", "TIERTOP_ADDRESS=\(address.map { "\($0)" } ?? "")",
          "TIERTOP_TIER=\(plan?.tier.text ?? "")",
        ], on: cluster.loop,
        onLine: { [speech] line in speech.pass("\(node) | \(line)") },
        onEnd: { [unowned self] end in
          change { $0.end(node, end, at: cluster.loop.now) }
          advance()
        })
    } catch {
      change { $0.end(node, .notStarted(error.words), at: cluster.loop.now) }
    }
  }
}
