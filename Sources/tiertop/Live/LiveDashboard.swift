import Agent
import Cluster
import Control
import Dashboard
import Glibc
import History
import Platform
import Terminal

/// The one place where the pure dashboard meets the world: frames, keys and signals become actions, effects
/// are carried out, and what has changed is drawn once per round of the loop.
final class LiveDashboard {
  private var state: State
  private let terminal: Terminal
  private let loop: EventLoop
  private let agent: Agent
  private let feed: Feed
  /// nil where nothing may be changed: there is no other way to a load balancer than this.
  private let control: Control?
  private let layout: Layout
  private var beginning: WallTime?
  private lazy var memory = ChangeMemory(of: layout, actor: .current()) { [unowned self] words in
    take(.notice(words))
  }
  private lazy var saving = Saving(on: loop) { [unowned self] words in take(.notice(words)) }
  private var size: Size
  private var isDrawingDue = false
  private var clock: LoopTimer?

  private lazy var lookup = PastLookup(on: loop) { [unowned self] action in take(action) }
  init(layout: Layout, look: Look, store: String?, isReadOnly: Bool, terminal: Terminal, loop: EventLoop) {
    self.terminal = terminal
    self.loop = loop
    self.layout = layout
    size = terminal.size
    state = State(
      model: ClusterModel(layout: layout), preferences: layout.screen, look: look, actor: .current(),
      isReadOnly: isReadOnly)
    agent = Agent(plan: PollPlan(for: layout), loop: loop)
    control = isReadOnly ? nil : Control(agent: agent, loop: loop)
    feed = Feed(layout: layout, store: store, agent: agent, keepsWays: !isReadOnly, loop: loop)
  }

  /// Shows a moment of the past as soon as there is something to show.
  func begin(at moment: WallTime) { beginning = moment }

  /// Shows the cluster until the user leaves, or a signal ends the program.
  func run() throws(SystemError) {
    take(.resize(size))
    listen()
    // Frames move the time on; the clock only ticks where they are more than a second apart.
    clock = loop.timer { [unowned self] now in take(.clock(now)) }
    let input = terminal.inputDescriptor
    _ = try loop.watch(input, for: .reading) { [unowned self] ready in
      while let action = terminal.nextAction() { take(action) }
      // The terminal is gone: there is nobody left to show anything to.
      if !ready.isDisjoint(with: [.hangUp, .error]) { loop.stop() }
    }
    let intents = memory.intentsIfChanged()
    feed.begin(adopting: intents)
    if let intents { take(.intents(intents)) }
    try loop.run()
    control?.stop()
    feed.stop()
    terminal.close()
  }

  private func listen() {
    feed.onBegin = { [unowned self] past in take(.begin(past.model, at: past.at, events: past.events)) }
    feed.onOpen = { [unowned self] in
      if let beginning { carryOut(.look(.at(beginning))) }
    }
    feed.onFrame = { [unowned self] frame in
      // Before the frame: what another program has just set is not somebody else's doing.
      if let intents = memory.intentsIfChanged() { take(.intents(intents)) }
      take(.frame(frame))
      feed.keep(frame, state.presentSnapshot, events: state.takeNews())
    }
    feed.onPastMinutes = { [unowned self] minutes in remember(minutes) }
    feed.onKeeper = { [unowned self] keeper in take(.keeper(keeper)) }
    feed.onNotice = { [unowned self] words in take(.notice(words)) }
  }

  func take(signal: Int32) {
    switch signal {
    case SIGWINCH:
      size = terminal.resize()
      take(.resize(size))
    case SIGTSTP: carryOut(.suspend)
    case SIGCONT: break
    default: loop.stop()
    }
  }

  private func take(_ action: Action) {
    for effect in update(&state, action) { carryOut(effect) }
    switch action {
    case .begin, .frame, .clock: clock?.arm(at: loop.now.uptime + .milliseconds(1100))
    default: break
    }
    drawSoon()
  }

  /// Once per round, however much has happened in it.
  private func drawSoon() {
    guard !isDrawingDue else { return }
    isDrawingDue = true
    loop.later { [unowned self] in
      isDrawingDue = false
      terminal.show(render(state, size: size), theme: Theme(state.theme))
    }
  }

  private func carryOut(_ effect: Effect) {
    if lookup.carryOut(effect, in: { [unowned self] in feed.record }, until: loop.now.wall) { return }
    switch effect {
    case .quit: loop.stop()
    case .redraw: terminal.redraw()
    case .apply(let order): apply(order)
    case .save(let span, let file): saving.save(span, of: feed.record, cluster: layout.cluster, to: file)
    case .suspend:
      terminal.suspend()
      feed.pause()
      // SIGSTOP cannot be blocked: the process stands still here until the shell continues it.
      kill(getpid(), SIGSTOP)
      terminal.resume()
      feed.resume()
      take(signal: SIGWINCH)
    default: break
    }
  }
}

extension LiveDashboard {
  /// Fills the sparklines with what was recorded before this began; a little in each round.
  private func remember(_ minutes: PastMinutes) {
    loop.later { [unowned self] in
      if minutes.step() { return remember(minutes) }
      if let model = minutes.model { take(.pastMinutes(model)) }
    }
  }

  private func apply(_ order: ChangeOrder) {
    do {
      try control?.apply(order.change) { [unowned self] result in
        take(.result(order.id, result))
        if let intents = memory.note(order.change, result, note: order.note) { take(.intents(intents)) }
        agent.pollSoon()
      }
    } catch {
      // A change with such a name does not compile; should one get here all the same, nothing was sent.
      let words = "a name or a weight that no command can have: nothing was sent"
      for balancer in order.change.balancers {
        take(.result(order.id, order.change.refused(by: balancer, words: words, at: loop.now)))
      }
    }
  }
}

extension LiveDashboard {
  /// The signals that the dashboard wants to hear of; they come through the loop.
  final class Signals {
    var onSignal: ((Int32) -> Void)?
    private var source: SignalSource?

    func open(on loop: EventLoop) throws(SystemError) {
      source = try SignalSource([SIGWINCH, SIGTERM, SIGINT, SIGHUP, SIGTSTP, SIGCONT], on: loop) {
        [unowned self] signal in onSignal?(signal)
      }
    }
  }
}
