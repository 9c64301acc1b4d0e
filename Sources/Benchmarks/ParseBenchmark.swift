import CBenchmark
import Cluster
import Wire

/// `show stat` of 10,000 servers: the parser beside a C loop that only finds the commas of the same bytes.
enum ParseBenchmark {
  static let rows = 10_000
  static let runs = 41

  static func run() {
    for version in [StatReply.Version.v22, .v26] { run(version) }
    runServerStates()
  }

  private static func run(_ version: StatReply.Version) {
    let replies = (0..<2).map { StatReply(version, rows: rows, tick: $0) }
    let checking = (0..<2).map { StatReply(version, rows: rows, tick: $0, checking: 5) }
    let bytes = replies[0].bytes.count
    print(
      "show stat of HAProxy \(version.rawValue): \(rows) rows × \(replies[0].columns) columns, "
        + "\(twoPlaces(Double(bytes) / 1e6)) MB, \(runs) runs, median (slowest–fastest)")

    var places = [UInt32](repeating: 0, count: bytes)
    var found = 0
    let finding = Figures(runs: runs) {
      found &+= replies[0].bytes.withUnsafeBufferPointer { reply in
        places.withUnsafeMutableBufferPointer {
          Int(find_separators(reply.baseAddress, reply.count, $0.baseAddress, $0.count))
        }
      }
    }
    let counting = Figures(runs: runs) {
      found &+= replies[0].bytes.withUnsafeBufferPointer { Int(count_separators($0.baseAddress, $0.count)) }
    }
    let first = Figures(runs: runs) {
      var parser = StatParser()
      found &+= parse(replies[0], with: &parser)
    }
    let steady = figures(of: replies, &found)
    let changing = figures(of: checking, &found)

    report("C, finds the separators", finding, bytes, finding)
    report("C, only counts them", counting, bytes, finding)
    report("first reply", first, bytes, finding)
    report("same names, new figures", steady, bytes, finding)
    report("and 5 % of the notes new", changing, bytes, finding)
    print("  (\(found) fields and rows seen)")
  }

  private static func runServerStates() {
    let replies = (0..<2).map { ServerStateReply(rows: rows, tick: $0) }
    var parser = ServerStateParser()
    var tick = 0
    var found = 0
    let steady = Figures(runs: runs) {
      let reply = replies[tick % 2].bytes
      do {
        found &+= try parser.parse(reply.span).rows.count
      } catch {
        print("  fault: \(error)")
      }
      tick += 1
    }
    print(
      "show servers state: \(rows) rows, \(steady.speed(of: replies[0].bytes.count)), "
        + "\(twoPlaces(steady.median * 1e3)) ms (\(found) rows seen)")
  }

  private static func figures(of replies: [StatReply], _ found: inout Int) -> Figures {
    var parser = StatParser()
    var tick = 0
    var seen = 0
    let figures = Figures(runs: runs) {
      seen &+= parse(replies[tick % 2], with: &parser)
      tick += 1
    }
    found &+= seen
    return figures
  }

  private static func parse(_ reply: StatReply, with parser: inout StatParser) -> Int {
    do {
      return try parser.parse(reply.bytes.span, ending: .emptyLine).count
    } catch {
      print("  fault: \(error)")
      return 0
    }
  }

  private static func report(_ name: String, _ figures: Figures, _ bytes: Int, _ base: Figures) {
    let column = name + String(repeating: " ", count: max(0, 26 - name.count))
    print(
      "  \(twoPlaces(base.median / figures.median)) × C  \(column) \(figures.speed(of: bytes)), "
        + "\(twoPlaces(figures.median * 1e3)) ms")
  }
}
