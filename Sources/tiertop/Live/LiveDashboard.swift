import Agent
import Cluster
import Control
import Dashboard
import History
import Platform
import Terminal

/// The dashboard on a cluster that is watched: its session is given frames as they come, and changes go to the load
/// balancers.
final class LiveDashboard {
  let session: DashboardSession
  private let loop: EventLoop
  private let agent: Agent
  private let feed: Feed
  /// nil where nothing may be changed: there is no other way to a load balancer than this.
  private let control: Control?
  private let layout: Layout
  private var beginning: WallTime?
  private lazy var memory = ChangeMemory(of: layout, actor: .current()) { [unowned self] words in
    session.take(.notice(words))
  }
  private var clock: LoopTimer?

  init(layout: Layout, look: Look, store: String?, isReadOnly: Bool, terminal: Terminal, loop: EventLoop) {
    self.loop = loop
    self.layout = layout
    agent = Agent(plan: PollPlan(for: layout), loop: loop)
    control = isReadOnly ? nil : Control(agent: agent, loop: loop)
    let feed = Feed(layout: layout, store: store, agent: agent, keepsWays: !isReadOnly, loop: loop)
    self.feed = feed
    let state = State(
      model: ClusterModel(layout: layout), preferences: layout.screen, look: look, actor: .current(),
      isReadOnly: isReadOnly)
    session = DashboardSession(
      state, of: .init(cluster: layout.cluster, record: { feed.record }, end: { loop.now.wall }),
      on: terminal, loop: loop)
  }

  /// Shows a moment of the past as soon as there is something to show.
  func begin(at moment: WallTime) { beginning = moment }

  /// Shows the cluster until the user leaves, or a signal ends the program.
  func run() throws(SystemError) {
    // Frames move the time on; the clock only ticks where they are more than a second apart.
    clock = loop.timer { [unowned self] now in session.take(.clock(now)) }
    listen()
    try session.begin()
    let intents = memory.intentsIfChanged()
    feed.begin(adopting: intents)
    if let intents { session.take(.intents(intents)) }
    try loop.run()
    control?.stop()
    feed.stop()
    session.end()
  }

  private func listen() {
    session.onAction = { [unowned self] action in
      switch action {
      case .begin, .frame, .clock: clock?.arm(at: loop.now.uptime + .milliseconds(1100))
      default: break
      }
    }
    session.onApply = { [unowned self] order in apply(order) }
    session.onSuspend = { [unowned self] in feed.pause() }
    session.onResume = { [unowned self] in feed.resume() }
    feed.onBegin = { [unowned self] past in
      session.take(.begin(past.model, at: past.at, events: past.events))
    }
    feed.onOpen = { [unowned self] in
      if let beginning { session.carryOut(.look(.at(beginning))) }
    }
    feed.onFrame = { [unowned self] frame in
      // Before the frame: what another program has just set is not somebody else's doing.
      if let intents = memory.intentsIfChanged() { session.take(.intents(intents)) }
      session.take(.frame(frame))
      feed.keep(frame, session.state.presentSnapshot, events: session.state.takeNews())
    }
    feed.onPastMinutes = { [unowned self] minutes in remember(minutes) }
    feed.onKeeper = { [unowned self] keeper in session.take(.keeper(keeper)) }
    feed.onNotice = { [unowned self] words in session.take(.notice(words)) }
  }

  /// Fills the sparklines with what was recorded before this began; a little at a time.
  private func remember(_ minutes: PastMinutes) {
    loop.whenIdle { [unowned self] in
      if minutes.step() { return remember(minutes) }
      if let model = minutes.model { session.take(.pastMinutes(model)) }
    }
  }

  private func apply(_ order: ChangeOrder) {
    do {
      try control?.apply(order.change) { [unowned self] result in
        session.take(.result(order.id, result))
        if let intents = memory.note(order.change, result, note: order.note) {
          session.take(.intents(intents))
        }
        agent.pollSoon()
      }
    } catch {
      // A change with such a name does not compile; should one get here all the same, nothing was sent.
      let words = "a name or a weight that no command can have: nothing was sent"
      for balancer in order.change.balancers {
        session.take(.result(order.id, order.change.refused(by: balancer, words: words, at: loop.now)))
      }
    }
  }
}
