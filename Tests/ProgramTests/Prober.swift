import Foundation
import Testing

/// A client of its own that connects to an address of a site each ten milliseconds, and writes down how each try
/// ended: what the dashboard says of a failover is held against it.
final class Prober {
  private let process: Process
  private let record: URL

  /// One try: when it ended, in seconds since 1970, and whether somebody answered.
  struct Try {
    var end: Double
    var isGood: Bool
  }

  init(of address: String, port: UInt16 = 80, in site: RunningSite) throws {
    record = FileManager.default.temporaryDirectory.appendingPathComponent("tt-prober-\(UUID())")
    process = try site.start(
      in: "client", ["python3", "-c", Prober.text, address, "\(port)", record.path])
    try #require(holds { self.tries.contains { $0.isGood } })
  }

  deinit {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: record)
  }

  var tries: [Try] {
    ((try? String(contentsOf: record, encoding: .utf8)) ?? "").split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 2, let end = Double(words[0]) else { return nil }
      return Try(end: end, isGood: words[1] == "1")
    }
  }

  /// The longest time within a span from one good try to the next, in seconds, between which others failed; and the
  /// longest in which this client did not come to try at all: so much the machine is late, for everybody on it.
  func gap(from start: Double, to end: Double) -> (length: Double, stall: Double) {
    var (length, stall) = (0.0, 0.0)
    var (last, hasFailed): (Double?, Bool) = (nil, false)
    var before: Double?
    for each in tries where each.end >= start && each.end <= end {
      if let before { stall = max(stall, each.end - before - 0.06) }
      before = each.end
      if each.isGood {
        if hasFailed, let last { length = max(length, each.end - last) }
        (last, hasFailed) = (each.end, false)
      } else {
        hasFailed = true
      }
    }
    return (length, stall)
  }

  /// How much later than on an idle machine its tries within a span ended, all together, in seconds: it lost as much
  /// to others on the machine, and so may everybody who does a thing after the other there.
  func lost(from start: Double, to end: Double) -> Double {
    let tries = tries.filter { $0.end >= start && $0.end <= end }
    return zip(tries, tries.dropFirst()).reduce(0) { lost, pair in
      lost + max(0, pair.1.end - pair.0.end - (pair.1.isGood ? 0.013 : 0.063))
    }
  }

  /// A try lasts fifty milliseconds at most.
  private static let text = """
    import signal, socket, sys, time
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    with open(sys.argv[3], "w", buffering=1) as record:
        while True:
            good = 1
            try:
                socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=0.05).close()
            except OSError:
                good = 0
            record.write("%.6f %d\\n" % (time.time(), good))
            time.sleep(0.01)
    """
}
