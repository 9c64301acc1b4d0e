import Cluster
import Glibc
import History

/// Records of more and more servers, a minute and a half of each with all of them busy: what it costs to look into
/// them, and to save them. Each is looked at in a process of its own.
enum CrowdBenchmark {
  private static let sizes = [20, 1000, 10_000]
  private static let ticks = 90

  static func run() {
    var table = GrowthTable(sizes.map { ("\($0)", Double($0)) })
    for servers in sizes {
      let path = "/tmp/tiertop-benchmark-crowd-\(getpid()).db"
      defer { for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + suffix) } }
      do {
        var script = script(servers)
        let costs = try RecordingBenchmark.record(
          path, &script, ticks: ticks, isDurable: false, entropyTicks: 1)
        table.add("a tick recorded, ms", costs.recording / Double(ticks) * 1e3)
        table.add("file, MB", Double(ProcessFigures.fileSize(path)) / 1e6)
      } catch {
        print("  failed: \(error)")
      }
      for figure in OwnProcess.figures(["crowd", path, "\(servers)"]) { table.add(figure.name, figure.value) }
    }
    // With 20 most of it is what everything costs.
    table.show(from: 1)
  }

  private static func script(_ servers: Int) -> ClusterScript {
    ClusterScript(serversPerTier: servers / 2, pages: 0, at: HistoryBenchmark.start)
  }

  /// Looks at a record, and says what it took.
  static func look(_ arguments: ArraySlice<String>) {
    guard let path = arguments.first, let servers = arguments.last.flatMap({ Int($0) }) else { return }
    do { try look(path, script(servers).layout) } catch { print("failed: \(error)") }
  }

  private static func look(_ path: String, _ layout: Layout) throws {
    let timeline = try Timeline(path: path)
    guard let span = try timeline.span() else { return }
    sayPeak("memory before anything, MiB")
    var place = span.first + 40
    // Anew each time: nothing is known from before.
    say("jump, ms") { _ = try Replay(timeline) { _ in layout }.moment(at: place) }
    let replay = Replay(timeline) { _ in layout }
    say("step forward, ms", runs: 21) {
      place += 1
      _ = try replay.moment(at: place)
    }
    say("graph of a node, ms") {
      _ = try timeline.graph(
        of: .node(NodeName("web3")), in: TimeSpan(from: span.start, to: span.end), columns: 100
      ) { _ in layout }
    }
    say("minutes of a node, ms") {
      _ = try timeline.rollUps(of: .node(NodeName("web3")), in: span.start...span.end, by: .minute)
    }
    sayPeak("memory at most, looking, MiB")
    let file = "\(path).tiertop"
    defer { unlink(file) }
    var slowest = 0.0
    say("saved, ms") {
      slowest = try ExportBenchmark.save(TimeSpan(from: span.start, to: span.end), of: timeline, to: file)
        .slowest
    }
    OwnProcess.say("its slowest step, ms", slowest * 1e3)
    sayPeak("memory at most, saving too, MiB")
    say("opened, to its first moment, ms") {
      let replay = try ReplayFile(path: file)
      _ = try Replay(replay.timeline) { _ in layout }.moment(at: replay.header.first)
    }
  }

  private static func say(_ name: String, runs: Int = 5, _ work: () throws -> Void) {
    let figures = Figures(runs: runs) { do { try work() } catch { print("failed: \(error)") } }
    OwnProcess.say(name, figures.median * 1e3)
  }

  private static func sayPeak(_ name: String) {
    OwnProcess.say(name, Double(ProcessFigures.figure("VmHWM:", "/proc/self/status")) / 1024)
  }
}
