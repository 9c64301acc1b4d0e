import Cluster
import Control
import Dashboard
import Platform

/// One change from the shell, from the first look to the last word: look, show, ask, send, wait.
final class ChangeSession {
  private let options: ChangeOptions
  private let cluster: LiveCluster
  private let actor = Actor.current()
  private let memory: ChangeMemory
  private var story: ChangeStory
  private let speech: Speech

  init(_ options: ChangeOptions, _ layout: Layout) throws {
    self.options = options
    memory = ChangeMemory(of: layout, actor: actor) { Output.warn($0) }
    speech = Speech(isJSON: options.isJSON)
    story = ChangeStory(options: options, layout: layout, actor: actor)
    cluster = try LiveCluster(layout)
  }

  func run() throws -> ExitStatus {
    defer { cluster.close() }
    let end: ChangeEnd
    do {
      end = try carryOut()
    } catch let fault as ChangeFault {
      guard case .readOnly = fault else { throw fault }
      // They were reached, and let nobody change anything.
      speech.complain(fault.words)
      end = .partial
    }
    story.end = end
    if options.isJSON { ChangeDocument(story: story, at: cluster.loop.now.wall).print() }
    return end.status
  }

  private func carryOut() throws -> ChangeEnd {
    if try cluster.look() == .interrupted { return .interrupted }
    guard var (change, preview) = try prepare() else { return unreachable() }
    speech.say("\(options.action.words) \(options.targets.joined(separator: ", "))\n")
    speech.say(PreviewText(preview: preview, layout: story.layout).text)
    if let end = floor(change, preview) { return end }
    if !options.consent.isGiven {
      switch try options.consent.ask(question(change), while: cluster) {
      case .yes: break
      case .no:
        speech.say("nothing was sent\n")
        return .declined
      case .interrupted:
        speech.say("nothing was sent\n")
        return .interrupted
      }
      // Time has passed while it asked: what holds now counts.
      guard let now = try prepare() else { return unreachable() }
      (change, preview) = now
      if let end = floor(change, preview) { return end }
    }
    let end = try apply(change)
    guard end == .confirmed, options.patience != nil else { return end }
    return try wait(for: change, preview)
  }

  /// The change, and what it would do, as the cluster is now; nil where no load balancer answers.
  private func prepare() throws -> (Change, ChangePreview)? {
    if let intents = memory.intentsIfChanged() { cluster.adopt(intents) }
    guard let live = cluster.live else { return nil }
    var targets: [Target] = []
    for words in options.targets { targets.append(try live.target(named: words, backend: options.backend)) }
    let change = try Change(options.action, on: targets, in: live)
    let preview = ChangePreview(of: change, in: live)
    story.preview = preview
    story.silent = preview.silent.filter { $0.age == nil }
    return (change, preview)
  }

  private func unreachable() -> ChangeEnd {
    speech.complain("no load balancer answers: nothing was sent")
    for source in cluster.snapshot.sources {
      if let failure = source.failure { speech.complain("\(source.source.node): \(failure.words)") }
    }
    return .unreachable
  }

  /// How it ends where the layout's floor forbids it.
  private func floor(_ change: Change, _ preview: ChangePreview) -> ChangeEnd? {
    guard let breach = preview.floorBreach, !options.consent.isForced else { return nil }
    speech.complain("refused: \(breach.words); --force does it anyway; nothing was sent")
    memory.noteBelowFloor(change, note: options.consent.note, at: cluster.loop.now.wall)
    return .floor
  }

  /// `Drain web1 on lb1, lb2?`
  private func question(_ change: Change) -> String {
    let words = options.action.words
    let balancers = change.balancers.map { cluster.snapshot.topology.plan[$0].node.text }
    return words.prefix(1).uppercased() + words.dropFirst()
      + " \(options.targets.map(printable).joined(separator: ", ")) on \(balancers.joined(separator: ", "))?"
  }

  /// Sends a change and says what has come of it.
  private func apply(_ change: Change, as action: ServerAction? = nil) throws -> ChangeEnd {
    let applied = try cluster.apply(change) { [cluster, memory, speech, actor, options] result in
      if let unknown = result.outcomes.values.first(where: \.isUnknown) {
        // That takes some seconds: nobody should have to guess what is going on.
        let name = cluster.snapshot.topology.plan[result.balancer].node
        speech.say("\(name)  \(unknown.words); it is asked again\n")
      }
      cluster.settle(change, result, by: actor, note: options.consent.note)
      if let intents = memory.note(change, result, note: options.consent.note) { cluster.adopt(intents) }
    }
    story.rounds.append(ChangeStory.Round(action: action ?? options.action, applied: applied))
    speech.say(AppliedText(applied: applied, plan: cluster.snapshot.topology.plan).text)
    for silent in story.silent {
      speech.say("\(silent.balancer)  not told: \(silent.failure.words); nobody knows what it does\n")
    }
    let reach = applied.reach(silent: story.silent.count)
    if reach != .all {
      let confirmed = applied.change.balancers.count { balancer in
        applied.steps(of: balancer).allSatisfy { $0.outcome == .done }
      }
      speech.say("confirmed on \(confirmed) of \(story.count(applied)) load balancers\n")
    }
    switch reach {
    case .all: return .confirmed
    case .some: return .partial
    case .none: return .unreachable
    }
  }

  // MARK: Waiting

  private func wait(for change: Change, _ preview: ChangePreview) throws -> ChangeEnd {
    let wait = SessionWait(rows: preview.rows.map(\.row), since: cluster.loop.now, on: cluster, speech)
    guard options.action != .set(.ready) else {
      let end = try wait.forChecks(atMost: options.patience ?? ChangeOptions.defaultPatience)
      story.wait = ChangeStory.Wait(lasted: wait.lasted)
      return say(end, "serves on all load balancers", wait.absentWords)
    }
    var left = options.patience ?? ChangeOptions.defaultPatience
    var end = LiveCluster.WaitEnd.timedOut
    if let grace = options.shutdownAfter {
      end = try wait.forSessions(atMost: grace)
      left -= grace
      if end == .timedOut, try shutDown() != .confirmed { return .partial }
    }
    if end == .timedOut { end = try wait.forSessions(atMost: left) }
    story.wait = ChangeStory.Wait(lasted: wait.lasted, sessions: wait.sessions)
    let stands = say(end, "no session is left", wait.sessionWords)
    guard stands == .confirmed, options.thenMaint else { return stands }
    guard let live = cluster.live else { return unreachable() }
    let targets = try options.targets.map { try live.target(named: $0, backend: options.backend) }
    speech.say("maint \(options.targets.joined(separator: ", "))\n")
    return try apply(try Change(.set(.maint), on: targets, in: live), as: .set(.maint))
  }

  private func shutDown() throws -> ChangeEnd {
    guard let live = cluster.live else { return unreachable() }
    let targets = try options.targets.map { try live.target(named: $0, backend: options.backend) }
    speech.say("\(ServerAction.shutdownSessions.words)\n")
    return try apply(
      try Change(.shutdownSessions, on: targets, in: live), as: .shutdownSessions)
  }

  private func say(_ end: LiveCluster.WaitEnd, _ good: String, _ rest: String) -> ChangeEnd {
    let stands = "it is \(options.action.words) on all load balancers; \(rest)"
    switch end {
    case .met:
      speech.say("\(good)\n")
      return .confirmed
    case .timedOut:
      speech.complain("time-out after \((options.patience ?? .zero).layoutText): \(stands)")
      return .timedOut
    case .interrupted:
      speech.complain("interrupted: \(stands)")
      return .interrupted
    }
  }
}
