import CSystem
import Glibc

/// Wakes an event loop from another thread: the one thing of a loop that other threads may hold.
public final class Waker: Sendable {
  private let event: Descriptor

  fileprivate init(event: consuming Descriptor) { self.event = event }

  /// Makes the loop call the waker's handler once. Waking twice before it does is waking once.
  public func wake() { _ = tt_eventfd_signal(event.raw) }

  fileprivate func drain() { _ = tt_eventfd_drain(event.raw) }

  fileprivate func watch(on loop: EventLoop, _ handler: @escaping () -> Void) throws(SystemError) {
    _ = try loop.watch(event.raw, for: .reading) { [self] _ in
      drain()
      handler()
    }
  }
}

extension EventLoop {
  /// Calls `handler` on this loop whenever the waker is woken, for as long as the loop lives.
  public func waker(_ handler: @escaping () -> Void) throws(SystemError) -> Waker {
    let waker = Waker(event: Descriptor(owning: try checked(tt_eventfd(), "eventfd")))
    try waker.watch(on: self, handler)
    return waker
  }
}
