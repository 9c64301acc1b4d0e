import Glibc
import Platform

/// The signals that a dashboard wants to hear of; they come through the loop.
final class DashboardSignals {
  var onSignal: ((Int32) -> Void)?
  private var source: SignalSource?

  func open(on loop: EventLoop) throws(SystemError) {
    source = try SignalSource([SIGWINCH, SIGTERM, SIGINT, SIGHUP, SIGTSTP, SIGCONT], on: loop) {
      [unowned self] signal in onSignal?(signal)
    }
  }
}
