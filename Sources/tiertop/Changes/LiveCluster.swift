import Agent
import Cluster
import Control
import Glibc
import Platform
import Wire

/// A cluster that is watched while a command changes it: the loop, the agent, the model, and the signals that
/// ask the command to end.
///
/// A command reads as a sequence: it says what it waits for, and the loop goes round until that is so.
final class LiveCluster {
  let loop: EventLoop
  private let agent: Agent
  private let control: Control
  private(set) var model: ClusterModel
  /// Is called with each frame's snapshot.
  var onFrame: (() -> Void)?
  /// How often somebody has asked the command to end, and how often that was heard.
  private var interruptions = 0
  private var heard = 0
  private var frames = 0
  private var signals: SignalSource?
  /// Changes of which not all is known yet.
  private var errands: [ObjectIdentifier: Errand] = [:]

  /// How a wait ended.
  enum WaitEnd {
    case met, timedOut, interrupted
  }

  /// What is reached through ssh is given this long to connect.
  private static let patience = Duration.seconds(5)
  /// A load balancer that does not answer within this may have done it, or not.
  private static let deadline = Duration.seconds(2)
  /// How long it takes until all is known that will be: what was left unknown is read back a few times.
  private static let afterthought = Control.pauses.reduce(deadline) { $0 + $1 + deadline }

  /// Begins to watch. Signals are blocked from here on, and end a wait.
  init(_ layout: Layout) throws(SystemError) {
    loop = try EventLoop()
    var options = AgentOptions()
    options.waitsForAll = true
    agent = Agent(plan: PollPlan(for: layout), loop: loop, options: options)
    control = Control(agent: agent, loop: loop, deadline: LiveCluster.deadline)
    model = ClusterModel(layout: layout)
    // A reader of the output that goes away is no reason to stop in the middle.
    signal(SIGPIPE, SIG_IGN)
    signals = try SignalSource([SIGINT, SIGTERM, SIGHUP], on: loop) { [unowned self] _ in interruptions += 1 }
    agent.onFrame = { [unowned self] frame in
      _ = model.advance(with: frame)
      frames += 1
      onFrame?()
    }
    agent.start()
  }

  /// Ends all polls; what was begun on the load balancers is finished.
  func close() {
    onFrame = nil
    control.stop()
    agent.stop()
  }

  var snapshot: Snapshot { model.snapshot }

  /// The ground for a change; nil where no load balancer answers.
  var live: LiveSnapshot? { model.live(at: loop.now) }

  // MARK: Waiting

  /// Waits until there are rates, and each load balancer has said something, or why it does not.
  func look() throws(SystemError) -> WaitEnd {
    let end = try wait(atMost: LiveCluster.patience) {
      frames >= 2
        && snapshot.topology.nodes.compactMap(\.balancer).allSatisfy {
          snapshot.sources[$0.index].age != nil || snapshot.sources[$0.index].failure != nil
        }
    }
    return end == .interrupted ? .interrupted : .met
  }

  /// Goes round until `condition` holds, the time is over, or somebody asks the command to end; that may
  /// also have been before, while nothing could be done about it.
  func wait(atMost limit: Duration? = nil, until condition: () -> Bool) throws(SystemError) -> WaitEnd {
    let end = limit.map { loop.now.uptime + $0 }
    while !condition() {
      if interruptions > heard {
        heard += 1
        return .interrupted
      }
      let left = end.map { $0 - loop.now.uptime }
      if let left, left <= .zero { return .timedOut }
      try loop.runOnce(atMost: left)
    }
    return .met
  }

  /// Asks the load balancers again before the next tick.
  func pollSoon() { agent.pollSoon() }

  // MARK: Changing

  /// Sends a change. `report` is called with each result as it comes; `ended` once, when all is known that
  /// will be: what is unknown at first is read back a few times.
  func begin(
    _ change: Change, _ report: @escaping (BalancerResult) -> Void,
    ended: @escaping (AppliedChange) -> Void
  ) throws(ChangeFault) {
    let errand = Errand(change, ended)
    do {
      try control.apply(change) { [unowned self] result in
        report(result)
        if errand.take(result) {
          errands[ObjectIdentifier(errand)] = nil
        } else if errand.applied.isComplete, errand.timer == nil {
          errand.timer = loop.timer { [unowned self] _ in
            errand.end()
            errands[ObjectIdentifier(errand)] = nil
          }
          errand.timer?.arm(after: LiveCluster.afterthought)
        }
      }
    } catch {
      switch error {
      case .name(let server): throw .unspeakable(server)
      case .weight(let weight): throw .weightOutOfRange(weight)
      }
    }
    errands[ObjectIdentifier(errand)] = errand
  }

  /// The same, until it has ended. Nobody can shorten that: what has been sent is sent.
  func apply(_ change: Change, _ report: @escaping (BalancerResult) -> Void) throws -> AppliedChange {
    var applied: AppliedChange?
    try begin(change, report) { applied = $0 }
    while true {
      if let applied {
        pollSoon()
        return applied
      }
      try loop.runOnce()
    }
  }

  /// Learns what a change has done, so that what is read next is not taken for somebody else's doing.
  func settle(_ change: Change, _ result: BalancerResult, by actor: Actor, note: String) {
    _ = model.settle(change, result, by: actor, note: note)
  }

  /// Takes over what people have set before.
  func adopt(_ intents: Intents) { model.adopt(intents) }

  /// A change that is under way.
  private final class Errand {
    private(set) var applied: AppliedChange
    var timer: LoopTimer?
    private var ended: ((AppliedChange) -> Void)?

    init(_ change: Change, _ ended: @escaping (AppliedChange) -> Void) {
      applied = AppliedChange(change)
      self.ended = ended
    }

    /// Whether that was the last that will be known.
    func take(_ result: BalancerResult) -> Bool {
      applied.take(result)
      guard applied.isComplete, applied.isCertain else { return false }
      end()
      return true
    }

    func end() {
      // The timer holds this, and this the timer.
      timer = nil
      ended?(applied)
      ended = nil
    }
  }
}
