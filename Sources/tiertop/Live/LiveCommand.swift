import Cluster
import Dashboard
import Platform
import Terminal

/// `tiertop [LAYOUT]`: the dashboard, until it is left.
struct LiveCommand {
  private let layout: Layout
  private let wantsASCII: Bool
  private let wantsMouse: Bool
  private let isReadOnly: Bool
  private let store: String?

  init(_ invocation: Invocation, layout: Layout) {
    self.layout = layout
    wantsASCII = invocation.has(.ascii)
    wantsMouse = !invocation.has(.noMouse)
    isReadOnly = invocation.has(.readOnly)
    store = invocation.value(of: .store)
  }

  func run() throws -> ExitStatus {
    let loop = try EventLoop()
    // Signals are blocked before anything else can start a thread or take the terminal.
    let signals = LiveDashboard.Signals()
    try signals.open(on: loop)
    let terminal = try Terminal(usesMouse: wantsMouse)
    let look = Look(
      isUnicode: terminal.isUnicode && !wantsASCII, utcOffset: LocalTime.utcOffset(at: loop.now.wall))
    let dashboard = LiveDashboard(
      layout: layout, look: look, store: store, isReadOnly: isReadOnly, terminal: terminal, loop: loop)
    signals.onSignal = { dashboard.take(signal: $0) }
    try dashboard.run()
    return .good
  }
}
