import Cluster
import Dashboard
import History
import Platform
import Terminal

/// `tiertop replay FILE`: the dashboard on a stretch that was saved, until it is left.
struct ReplayCommand {
  private let invocation: Invocation
  private let path: String
  private let moment: TimeExpression?

  init(_ invocation: Invocation) throws(UsageError) {
    guard let path = invocation.operands.first else { throw .missingOperand(invocation.command) }
    if invocation.operands.count > 1 {
      throw .tooManyOperands(invocation.operands[1], command: invocation.command)
    }
    self.path = path
    self.invocation = invocation
    moment = try LiveCommand.moment(invocation)
  }

  func run() throws -> ExitStatus {
    // Whatever is wrong with it is said on the terminal as it was.
    let file: ReplayFile
    do { file = try ReplayFile(path: path) } catch { throw PastFailure.export(error) }
    guard let text = try? file.timeline.newestLayout()?.text, var layout = Record.layout(from: text) else {
      throw PastFailure.export(.damaged(path: path, what: "its layout", at: 0))
    }
    try LayoutChoice.apply(invocation, to: &layout)
    let loop = try EventLoop()
    let signals = DashboardSignals()
    try signals.open(on: loop)
    let terminal = try Terminal(usesMouse: !invocation.has(.noMouse))
    let look = Look(
      isUnicode: terminal.isUnicode && !invocation.has(.ascii),
      utcOffset: LocalTime.utcOffset(at: file.header.span.end))
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let dashboard = ReplayDashboard(
      file, named: printable(name), layout: layout, look: look, terminal: terminal, loop: loop)
    signals.onSignal = { dashboard.session.take(signal: $0) }
    try dashboard.run(from: moment)
    return .good
  }
}
