import CBenchmark
import Cluster
import Dashboard
import Glibc
import History
import Wire

/// What each stage of a tick takes of time and memory, with two load balancers and every server busy: parsing,
/// deriving, rendering and recording, each for itself.
enum StageBenchmark {
  private static let runs = 40

  static func run() {
    for servers in [20, 1000, 10_000] {
      print("\(servers) servers on two load balancers, \(runs) ticks: median (fastest–slowest)")
      parse(servers)
      fold(servers)
    }
  }

  /// The replies of one load balancer.
  private static func parse(_ servers: Int) {
    let tables = (0..<2).map { StatReply(.v26, rows: servers, tick: $0) }
    let states = (0..<2).map { ServerStateReply(rows: servers, tick: $0) }
    var (statParser, stateParser) = (StatParser(), ServerStateParser())
    var stage = Stage("parse, each load balancer")
    for tick in 0..<runs {
      stage.measure {
        do {
          let (table, state) = (tables[tick % 2].bytes, states[tick % 2].bytes)
          _ = try statParser.parse(table.span, ending: .emptyLine)
          _ = try stateParser.parse(state.span)
        } catch {
          print("  fault: \(error)")
        }
      }
    }
    stage.report()
  }

  private static func fold(_ servers: Int) {
    var script = ClusterScript(serversPerTier: servers / 2, pages: 0, at: HistoryBenchmark.start)
    let path = "/tmp/tiertop-benchmark-stages-\(getpid()).db"
    defer { for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + suffix) } }
    var options = Recorder.Options()
    options.isDurable = false
    guard
      let recorder = try? Recorder(
        path: path, cluster: "benchmark", options: options, now: script.moment.wall)
    else { return print("  nothing can be recorded at \(path)") }
    recorder.begin(layout: "cluster: benchmark", description: "a benchmark")
    var model = ClusterModel(layout: script.layout)
    var state = State(
      model: ClusterModel(layout: script.layout), preferences: ScreenPreferences(), look: Look())
    var (derive, record) = (Stage("derive"), Stage("record"))
    let sizes = [Size(width: 80, height: 24), Size(width: 200, height: 60), Size(width: 400, height: 120)]
    let views: [(name: String, key: Key)] = [("map", .function(2)), ("table", .function(3))]
    var frames = views.map { view in
      sizes.map { Stage("render the \(view.name) at \($0.width)×\($0.height)") }
    }
    for _ in 0..<runs {
      let frame = script.frame()
      var events: [Event] = []
      derive.measure { events = model.advance(with: frame) }
      record.measure { recorder.record(frame, model.snapshot, events: events) }
      _ = update(&state, .frame(frame))
      for (view, each) in views.enumerated() {
        _ = update(&state, .key(each.key))
        for (place, size) in sizes.enumerated() {
          _ = update(&state, .resize(size))
          frames[view][place].measure { _ = render(state, size: size) }
        }
      }
    }
    recorder.close()
    for stage in [derive, record] + frames.flatMap({ $0 }) { stage.report() }
  }
}

/// One stage: its times, and what it asked of the allocator.
private struct Stage {
  private let name: String
  private var seconds: [Double] = []
  private var counts: [UInt64] = []
  private var bytes: [UInt64] = []

  init(_ name: String) { self.name = name }

  mutating func measure(_ work: () -> Void) {
    let clock = ContinuousClock()
    let before = allocations_so_far()
    let took = clock.measure(work).seconds
    let after = allocations_so_far()
    seconds.append(took)
    counts.append(after.count - before.count)
    bytes.append(after.bytes - before.bytes)
  }

  func report() {
    // What is made once, at the beginning, is no part of a tick.
    let (times, counts, bytes) = (
      seconds.dropFirst(3).sorted(), counts.dropFirst(3).sorted(), bytes.dropFirst(3).sorted()
    )
    let middle = times.count / 2
    print(
      "  \(name.padded(to: 30))\(threePlaces(times[middle] * 1e3)) ms (\(threePlaces(times[0] * 1e3))–"
        + "\(threePlaces(times[times.count - 1] * 1e3))), \(counts[middle]) allocations of "
        + "\((bytes[middle] + 512) / 1024) KiB")
  }
}
