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
  private let moment: TimeExpression?

  init(_ invocation: Invocation, layout: Layout) throws(UsageError) {
    self.layout = layout
    wantsASCII = invocation.has(.ascii)
    wantsMouse = !invocation.has(.noMouse)
    isReadOnly = invocation.has(.readOnly)
    store = invocation.value(of: .store)
    moment = try LiveCommand.moment(invocation)
  }

  /// What `--at` says; nil where it is not there.
  static func moment(_ invocation: Invocation) throws(UsageError) -> TimeExpression? {
    guard let text = invocation.value(of: .at) else { return nil }
    do {
      return try TimeExpression(parsing: text)
    } catch {
      throw .badValue(text, of: .at, expected: LiveCommand.moments)
    }
  }

  private static let moments = "a moment: 14:05, \"3m ago\", \"yesterday 09:00\", 2026-11-20T14:05:10Z"

  func run() throws -> ExitStatus {
    let loop = try EventLoop()
    // Signals are blocked before anything else can start a thread or take the terminal.
    let signals = DashboardSignals()
    try signals.open(on: loop)
    let terminal = try Terminal(usesMouse: wantsMouse)
    let look = Look(
      isUnicode: terminal.isUnicode && !wantsASCII, utcOffset: LocalTime.utcOffset(at: loop.now.wall))
    let dashboard = LiveDashboard(
      layout: layout, look: look, store: store, isReadOnly: isReadOnly, terminal: terminal, loop: loop)
    signals.onSignal = { dashboard.session.take(signal: $0) }
    if let moment {
      dashboard.begin(at: moment.resolved(now: loop.now.wall, utcOffset: look.utcOffset))
    }
    try dashboard.run()
    return .good
  }
}
