import Cluster
import Platform

/// Whoever else looks whether an address answers, and counts on its own.
enum OtherProber {
  /// `script ADDRESS PORT FILE` connects again and again until it is ended by SIGTERM; then it writes the longest time
  /// between two connections that stood, and by how much a round took longer than it may, because others had the
  /// processor: both in seconds. Once it has connected, there is `FILE.begun`.
  static let script = """
    import signal, socket, sys, time
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    address, file = (sys.argv[1], int(sys.argv[2])), sys.argv[3]
    last, longest, late = None, 0, 0
    try:
        while True:
            began = time.monotonic()
            try:
                socket.create_connection(address, timeout=0.05).close()
                now = time.monotonic()
                if last is None:
                    open(file + ".begun", "w").close()
                else:
                    longest = max(longest, now - last)
                last = now
            except OSError:
                pass
            time.sleep(0.01)
            if last is not None:
                late = max(late, time.monotonic() - began - 0.06)
    finally:
        with open(file, "w") as out: out.write("%.6f %.6f" % (longest, late))
    """

  /// How long the address was away.
  struct Measured {
    var gap: Double
    /// By how much the slower of two who looked may be wrong, because others had the processor.
    var uncertainty: Double

    /// - Parameter lateness: that of the other one.
    init?(_ written: String, _ lateness: Lateness) {
      let figures = written.split(separator: " ").compactMap { Double($0) }
      guard figures.count == 2 else { return nil }
      gap = figures[0]
      uncertainty = max(figures[1], lateness.most, 0)
    }
  }
}

/// By how much a loop is late at most, looked at every ten milliseconds.
final class Lateness {
  /// In seconds.
  private(set) var most = 0.0
  private var due = Uptime(nanoseconds: 0)
  private let loop: EventLoop
  private lazy var timer = loop.timer { [unowned self] now in
    most = max(most, (now.uptime - due).seconds)
    look()
  }

  init(of loop: EventLoop) {
    self.loop = loop
    look()
  }

  private func look() {
    due = loop.now.uptime + .milliseconds(10)
    timer.arm(at: due)
  }
}
