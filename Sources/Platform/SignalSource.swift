import CSystem
import Glibc

/// Signals as events of a loop instead of interruptions.
///
/// They are blocked in the thread that makes the source, so it has to be made before any other thread is
/// started. They stay blocked when it ends: otherwise those still pending would strike then.
public final class SignalSource {
  private let descriptor: Descriptor
  private let loop: EventLoop
  private var watch: Watch?

  /// - Parameter handler: is given each signal's number.
  public init(
    _ signals: [Int32], on loop: EventLoop, _ handler: @escaping (Int32) -> Void
  ) throws(SystemError) {
    self.loop = loop
    descriptor = Descriptor(owning: try checked(tt_signal_open(signals, Int32(signals.count)), "signalfd"))
    let raw = descriptor.raw
    watch = try loop.watch(raw, for: .reading) { _ in
      while true {
        let signal = tt_signal_next(raw)
        if signal <= 0 { break }
        handler(signal)
      }
    }
  }

  deinit {
    if let watch { loop.unwatch(watch) }
  }
}
