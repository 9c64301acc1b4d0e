import Cluster
import Dashboard
import Glibc
import History
import Platform
import Terminal

/// The pure dashboard on a terminal, live or of the past: keys and signals become actions, effects are carried out,
/// and what has changed is drawn once per round of the loop.
final class DashboardSession {
  var state: State
  private(set) lazy var lookup = PastLookup(on: loop) { [unowned self] action in take(action) }
  /// Told of each action, after it was taken in.
  var onAction: ((Action) -> Void)?
  /// Sends a change to the load balancers; nil where there is nobody to send it to.
  var onApply: ((ChangeOrder) -> Void)?
  /// Nobody looks for a while, and looks again.
  var onSuspend: (() -> Void)?
  var onResume: (() -> Void)?

  private let terminal: Terminal
  private let loop: EventLoop
  private let source: Source
  private var size: Size
  private var isDrawingDue = false
  /// Waits until the terminal takes more; nil where it has taken all.
  private var backlog: Watch?
  /// Whether anything has changed since the picture that waits was drawn.
  private var isOutdated = false
  private lazy var saving = Saving(on: loop) { [unowned self] words in take(.notice(words)) }

  /// What the dashboard looks into.
  struct Source {
    var cluster: String
    /// nil where nothing is recorded, or not yet.
    var record: () -> Record?
    /// Until when incidents are listed.
    var end: () -> WallTime
  }

  init(_ state: State, of source: Source, on terminal: Terminal, loop: EventLoop) {
    self.state = state
    self.source = source
    self.terminal = terminal
    self.loop = loop
    size = terminal.size
  }

  /// Draws, and listens to keys; what is seen and done from here on is the loop's.
  func begin() throws(SystemError) {
    take(.resize(size))
    _ = try loop.watch(terminal.inputDescriptor, for: .reading) { [unowned self] ready in
      while let action = terminal.nextAction() { take(action) }
      // The terminal is gone: there is nobody left to show anything to.
      if !ready.isDisjoint(with: [.hangUp, .error]) { loop.stop() }
    }
  }

  /// Gives the terminal back as it was.
  func end() { terminal.close() }

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

  func take(_ action: Action) {
    let effects = update(&state, action)
    // Before them: what one of them does in the rest of this round is done when the picture is on the screen.
    drawSoon()
    for effect in effects { carryOut(effect) }
    onAction?(action)
  }

  /// Once per round, however much has happened in it.
  private func drawSoon() {
    guard !isDrawingDue else { return }
    isDrawingDue = true
    loop.later { [unowned self] in
      isDrawingDue = false
      draw()
    }
  }

  /// One picture at a time: while one is on its way, others are left out, and after it the present is drawn.
  private func draw() {
    isOutdated = backlog != nil
    if isOutdated || terminal.show(render(state, size: size), theme: Theme(state.theme)) { return }
    backlog = try? loop.watch(terminal.outputDescriptor, for: .writing) { [unowned self] _ in sendOn() }
  }

  private func sendOn() {
    guard let watch = backlog, terminal.sendOn() else { return }
    loop.unwatch(watch)
    backlog = nil
    if isOutdated { drawSoon() }
  }

  func carryOut(_ effect: Effect) {
    if lookup.carryOut(effect, in: source.record, until: source.end()) { return }
    switch effect {
    case .quit: loop.stop()
    case .redraw: terminal.redraw()
    case .apply(let order): onApply?(order)
    case .save(let span, let file):
      saving.save(span, of: source.record(), cluster: source.cluster, to: file)
    case .suspend:
      terminal.suspend()
      onSuspend?()
      // SIGSTOP cannot be blocked: the process stands still here until the shell continues it.
      kill(getpid(), SIGSTOP)
      terminal.resume()
      onResume?()
      take(signal: SIGWINCH)
    default: break
    }
  }
}
