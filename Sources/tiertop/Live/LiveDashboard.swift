import Agent
import Cluster
import Control
import Dashboard
import Glibc
import Platform
import Terminal

/// The one place where the pure dashboard meets the world: frames, keys and signals become actions, effects
/// are carried out, and what has changed is drawn once per round of the loop.
final class LiveDashboard {
  private var state: State
  private let terminal: Terminal
  private let loop: EventLoop
  private let agent: Agent
  /// nil where nothing may be changed: there is no other way to a load balancer than this.
  private let control: Control?
  private let layout: Layout
  private let store: String?
  private var beginning: WallTime?
  private lazy var memory = ChangeMemory(of: layout, actor: .current()) { [unowned self] words in
    take(.notice(words))
  }
  private lazy var saving = Saving(on: loop) { [unowned self] words in take(.notice(words)) }
  private var size: Size
  private var isDrawingDue = false
  private var clock: LoopTimer?

  /// nil where the layout says that nothing is recorded.
  private var record: Record?
  private var isRecordOpen = false

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
    self.store = store
  }

  /// Shows a moment of the past as soon as there is something to show.
  func begin(at moment: WallTime) { beginning = moment }

  /// Shows the cluster until the user leaves, or a signal ends the program.
  func run() throws(SystemError) {
    take(.resize(size))
    agent.onFrame = { [unowned self] frame in
      // Before the frame: what another program has just set is not somebody else's doing.
      if let intents = memory.intentsIfChanged() { take(.intents(intents)) }
      take(.frame(frame))
      keep(frame)
    }
    // Frames move the time on; the clock only ticks where they are more than a second apart.
    clock = loop.timer { [unowned self] now in take(.clock(now)) }
    let input = terminal.inputDescriptor
    _ = try loop.watch(input, for: .reading) { [unowned self] ready in
      while let action = terminal.nextAction() { take(action) }
      // The terminal is gone: there is nobody left to show anything to.
      if !ready.isDisjoint(with: [.hangUp, .error]) { loop.stop() }
    }
    agent.start()
    try loop.run()
    control?.stop()
    agent.stop()
    record?.close()
    terminal.close()
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
    case .frame, .clock: clock?.arm(at: loop.now.uptime + .milliseconds(1100))
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
    switch effect {
    case .quit: loop.stop()
    case .redraw: terminal.redraw()
    case .apply(let order): apply(order)
    case .look(let request):
      switch record?.look(request) {
      case .success(let picture): take(.past(picture))
      case .failure(.nothing(let words)): take(.notice(words))
      case nil: take(.notice("nothing is recorded"))
      }
    case .lookForStrip(let span, let parts):
      if let strip = record?.strip(of: span, parts: parts) { take(.strip(strip)) }
    case .lookForGraph(let request):
      if let record { take(.graph(record.graph(request))) }
    case .lookForIncidents:
      switch record?.incidents(until: loop.now.wall) {
      case .success(let picture): take(.incidents(picture))
      case .failure(.nothing(let words)): take(.notice(words))
      case nil: take(.notice("nothing is recorded"))
      }
    case .save(let span, let file): saving.save(span, of: record, cluster: layout.cluster, to: file)
    case .suspend:
      terminal.suspend()
      // SIGSTOP cannot be blocked: the process stands still here until the shell continues it.
      kill(getpid(), SIGSTOP)
      terminal.resume()
      take(signal: SIGWINCH)
    }
  }
}

extension LiveDashboard {
  /// Records a frame. The record is opened with the first one, once that is on the screen: who starts this in a
  /// bad moment wants a picture before anything else.
  private func keep(_ frame: Frame) {
    let (snapshot, news) = (state.presentSnapshot, state.takeNews())
    if isRecordOpen {
      record?.note(frame, snapshot, events: news)
      return
    }
    isRecordOpen = true
    loop.later { [unowned self] in
      openRecord()
      record?.note(frame, snapshot, events: news)
      if let beginning { carryOut(.look(.at(beginning))) }
    }
  }

  private func openRecord() {
    guard layout.history.isRecorded else { return }
    do {
      record = try Record(of: layout, store: store, at: loop.now.wall) { [unowned self] words in
        take(.notice(words))
      }
    } catch {
      take(.notice("nothing is recorded: \(error.words)"))
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
