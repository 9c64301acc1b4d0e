import Cluster
import Glibc
import Platform

/// `tiertop agent [LAYOUT]`: polls and records without a screen, until it is told to end.
struct AgentCommand {
  private let invocation: Invocation
  private let layout: Layout
  private let store: String?

  init(_ invocation: Invocation) throws(LayoutChoice.Failure) {
    self.invocation = invocation
    layout = try LayoutChoice.layout(for: invocation)
    store = invocation.value(of: .store)
  }

  func run() throws(SystemError) -> ExitStatus {
    // A reader of the log that goes away is no reason to end.
    signal(SIGPIPE, SIG_IGN)
    let loop = try EventLoop()
    let signals = AgentSignals()
    // Signals are blocked before anything is begun that they could tear.
    try signals.open(on: loop)
    let log = Log()
    guard layout.history.isRecorded else {
      log.error("the layout says that nothing is recorded", ["cluster": layout.cluster])
      return .usage
    }
    let path: String
    do {
      path = try StorePlace.ofRecorder(layout, option: store)
    } catch {
      log.error("no place for a store", ["words": error.words])
      return .unreachable
    }
    let daemon = Daemon(
      layout, origin: invocation.operands.first ?? layout.cluster, store: path, loop: loop, log: log
    ) { () throws(LayoutChoice.Failure) in try LayoutChoice.layout(for: invocation) }
    signals.onSignal = { daemon.take(signal: $0) }
    return try daemon.run()
  }
}

/// The signals that end a daemon, and the one that has it read its layout again; they come through the loop.
private final class AgentSignals {
  var onSignal: ((Int32) -> Void)?
  private var source: SignalSource?

  func open(on loop: EventLoop) throws(SystemError) {
    source = try SignalSource([SIGTERM, SIGINT, SIGHUP], on: loop) { [unowned self] in onSignal?($0) }
  }
}
