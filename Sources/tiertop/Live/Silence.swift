import Cluster
import Platform

/// Notices that somebody who should be heard again and again is not.
final class Silence {
  private let loop: EventLoop
  private let patience: Duration
  private let onSilence: () -> Void
  private var end = Uptime(nanoseconds: 0)
  private lazy var timer = loop.timer { [unowned self] now in fall(now) }

  /// - Parameter onSilence: is called once when nothing was heard for longer than `patience`.
  init(after patience: Duration, on loop: EventLoop, _ onSilence: @escaping () -> Void) {
    self.patience = patience
    self.loop = loop
    self.onSilence = onSilence
  }

  /// Something was heard, or is to be heard from now on.
  func hear() {
    end = loop.now.uptime + patience
    timer.arm(at: end)
  }

  /// Nothing is to be heard any more.
  func stopListening() { timer.disarm() }

  private func fall(_ now: Moment) {
    // It was this program that did not run: the other one has the same right to wake up.
    if now.uptime - end > .milliseconds(500) { return hear() }
    onSilence()
  }
}
