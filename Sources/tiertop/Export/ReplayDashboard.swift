import Cluster
import Dashboard
import Glibc
import History
import Platform
import Terminal

/// The dashboard on a stretch that was saved. There is nothing live here: no source is asked, nothing is recorded,
/// and there is no way to change anything.
final class ReplayDashboard {
  private var state: State
  private let terminal: Terminal
  private let loop: EventLoop
  private let record: Record
  private let cluster: String
  private let utcOffset: Int
  /// Where the first frame of the stretch is, and the last.
  private let ends: TimeSpan
  private var size: Size
  private var isDrawingDue = false
  private lazy var lookup = PastLookup(on: loop) { [unowned self] action in take(action) }
  private lazy var saving = Saving(on: loop) { [unowned self] words in take(.notice(words)) }

  init(
    _ file: ReplayFile, named name: String, layout: Layout, look: Look, terminal: Terminal, loop: EventLoop
  ) {
    self.terminal = terminal
    self.loop = loop
    record = Record(of: file, layout)
    cluster = file.header.cluster
    utcOffset = look.utcOffset
    let span = file.header.span
    let recorded = try? file.timeline.span()
    ends = TimeSpan(from: recorded?.start ?? span.start, to: recorded?.end ?? span.end)
    size = terminal.size
    state = State(
      model: ClusterModel(layout: layout), preferences: layout.screen, look: look, isReadOnly: true,
      file: SavedStretch(name: name, span: ends))
  }

  /// Shows the stretch until the user leaves, or a signal ends the program.
  func run(from moment: TimeExpression?) throws(SystemError) {
    take(.resize(size))
    // What is now, for everything that is told relative to it, is the end of the file.
    take(.clock(Moment(wall: ends.end, uptime: loop.now.uptime)))
    begin(at: moment)
    let input = terminal.inputDescriptor
    _ = try loop.watch(input, for: .reading) { [unowned self] ready in
      while let action = terminal.nextAction() { take(action) }
      if !ready.isDisjoint(with: [.hangUp, .error]) { loop.stop() }
    }
    try loop.run()
    terminal.close()
  }

  /// Where the trouble begins, because of which somebody has saved it; else where it begins.
  private func begin(at moment: TimeExpression?) {
    if let moment {
      carryOut(.look(.at(moment.resolved(now: ends.end, utcOffset: utcOffset))))
      return
    }
    if case .success(let picture) = record.look(
      .incident(after: ends.start.advanced(by: .nanoseconds(-1)))), picture.place.at <= ends.end
    {
      lookup.show(picture, of: record)
      take(.notice("the first incident begins here; < goes back, } to the next one"))
    } else {
      carryOut(.look(.at(ends.start)))
    }
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
    if lookup.carryOut(effect, in: { [unowned self] in record }, until: ends.end) { return }
    switch effect {
    case .quit: loop.stop()
    case .redraw: terminal.redraw()
    case .save(let span, let file): saving.save(span, of: record, cluster: cluster, to: file)
    case .suspend:
      terminal.suspend()
      // SIGSTOP cannot be blocked: the process stands still here until the shell continues it.
      kill(getpid(), SIGSTOP)
      terminal.resume()
      take(signal: SIGWINCH)
    // There is nobody to send a change to; nothing that is shown lets it come to this.
    default: break
    }
  }
}
