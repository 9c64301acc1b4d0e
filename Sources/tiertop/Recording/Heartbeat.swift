import Cluster
import Platform

/// Tells systemd how the daemon does: ready with the first frame, then as often as it wants to hear, and only
/// while frames come. A loop that is stuck, or polls nothing any more, is silent, and is started again.
final class Heartbeat {
  private let manager: ServiceManager
  private var timer: LoopTimer?
  private var lastFrame: Uptime
  /// So long after a frame there is still nothing wrong.
  private var patience = Duration.seconds(5)
  private var isReadyDue = true
  /// Before the first frame there is nothing to be watched yet, however long it takes.
  private var hasBegun = false
  /// It is time to be heard, and no frame has come that would allow it.
  private var isDue = false
  private var status = ""

  init(_ manager: ServiceManager, on loop: EventLoop) {
    self.manager = manager
    lastFrame = loop.now.uptime
    guard let period = manager.watchdog else { return }
    timer = loop.timer { [unowned self] now in
      timer?.arm(at: now.uptime + period)
      isDue = true
      if hasBegun, now.uptime - lastFrame <= patience { beat() }
    }
    timer?.arm(after: period)
  }

  /// A frame has come: `status` says how the cluster is, in one line.
  func frame(at uptime: Uptime, interval: Duration, status: String) {
    lastFrame = uptime
    hasBegun = true
    patience = max(.seconds(5), interval * 3)
    if isReadyDue {
      isReadyDue = false
      manager.ready(status)
    } else if status != self.status {
      manager.status(status)
    }
    self.status = status
    if isDue { beat() }
  }

  /// A layout is being read again.
  func reloading() { manager.reloading() }

  /// The old layout stays. Where no frame has come yet, the first one says that it is ready.
  func reloaded() { if !isReadyDue { manager.ready(status) } }

  /// Another layout's first frame will say that it is ready again.
  func beginsAnew() { isReadyDue = true }

  func stopping() {
    timer?.disarm()
    manager.stopping()
  }

  private func beat() {
    isDue = false
    manager.isAlive()
  }
}
