import Cluster
import Glibc
import History

/// What a recorder costs: each tick on the disk, many servers, and its memory.
enum RecordingBenchmark {
  /// Only what recorders cost.
  static func run() {
    do {
      var table = BoundTable()
      try durable(&table)
      try large(servers: 1000, ticks: 500, &table)
      try large(servers: 10_000, ticks: 40, &table)
      table.show()
    } catch {
      print("  failed: \(error)")
    }
  }

  struct Costs {
    var recording = 0.0
    /// Seconds of the processor for it, at a tick a second.
    var processor = 0.0
    var slowest = 0.0
    /// The same, without the time in which others ran.
    var slowestProcessor = 0.0
    /// The slowest ticks, and how many microseconds of the processor they took.
    var slowTicks: [String] = []
    var almostAll = 0.0
    var reported = 0
    var changed = 0.0
    var entropy = 0.0
  }

  /// A recorder that has begun with the layout of a cluster.
  static func recorder(
    _ path: String, of script: ClusterScript, isDurable: Bool = false
  ) throws(StoreFailure) -> Recorder {
    var options = Recorder.Options()
    options.isDurable = isDurable
    options.nodes = script.layout.nodes.count
    let recorder = try Recorder(
      path: path, cluster: "benchmark", options: options, now: script.moment.wall)
    recorder.begin(layout: "cluster: benchmark", description: "a benchmark")
    return recorder
  }

  /// Records some ticks of a cluster.
  static func record(
    _ path: String, _ script: inout ClusterScript, ticks: Int, isDurable: Bool, entropyTicks: Int = 3600
  ) throws(StoreFailure) -> Costs {
    let recorder = try recorder(path, of: script, isDurable: isDurable)
    var model = ClusterModel(layout: script.layout)
    var costs = Costs()
    var times: [Double] = []
    var owns: [(tick: Int, seconds: Double)] = []
    var entropy = ColumnEntropy()
    let clock = ContinuousClock()
    for tick in 0..<ticks {
      let frame = script.frame()
      let events = model.advance(with: frame)
      let begin = clock.now
      let processor = ProcessFigures.processorSeconds()
      if let trouble = recorder.record(frame, model.snapshot, events: events) { throw trouble.failure }
      let took = begin.duration(to: clock.now).seconds
      let own = ProcessFigures.processorSeconds() - processor
      costs.processor += own
      costs.slowestProcessor = max(costs.slowestProcessor, own)
      owns.append((tick, own))
      costs.recording += took
      times.append(took)
      if tick < entropyTicks, !isDurable { entropy.add(frame) }
    }
    times.sort()
    owns.sort { $0.seconds > $1.seconds }
    costs.slowTicks = owns.prefix(12).map { "\($0.tick): \(Int($0.seconds * 1e6))" }
    costs.slowest = times[times.count - 1]
    costs.almostAll = times[times.count * 999 / 1000]
    costs.reported = entropy.reported
    costs.changed = entropy.changed
    costs.entropy = entropy.bits
    recorder.close()
    return costs
  }

  /// What each tick costs where it has to be on the disk itself.
  static func durable(_ table: inout BoundTable) throws(StoreFailure) {
    var script = ClusterScript(serversPerTier: 9, pages: 9, at: HistoryBenchmark.start)
    let path = "/var/tmp/tiertop-benchmark-\(getpid()).db"
    let (memory, written) = (
      ProcessFigures.figure("VmRSS:", "/proc/self/status"),
      ProcessFigures.figure("write_bytes:", "/proc/self/io")
    )
    let handed = ProcessFigures.figure("wchar:", "/proc/self/io")
    let costs = try record(path, &script, ticks: 2000, isDurable: true)
    let more = ProcessFigures.figure("VmRSS:", "/proc/self/status") - memory
    let bytes = ProcessFigures.figure("write_bytes:", "/proc/self/io") - written
    let given = ProcessFigures.figure("wchar:", "/proc/self/io") - handed
    print(
      "  20 nodes: \(bytes / 2000) bytes a tick to the disk, in whole pages; \(given / 2000) as they are written"
    )
    print(
      "  20 nodes: \(twoPlaces(Double(bytes) / 2000 * 86_400 / 1e6)) MB written a day; memory of recorder, model "
        + "and benchmark grew by \(more) KiB")
    for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + suffix) }
    print(
      "  20 nodes, each tick on the disk: \(twoPlaces(costs.recording / 2000 * 1e3)) ms a tick, 99.9 % below "
        + "\(twoPlaces(costs.almostAll * 1e3)) ms, slowest \(twoPlaces(costs.slowest * 1e3)) ms")
    print("  20 nodes: \(threePlaces(costs.processor / 2000 * 100)) % of a core for recording alone")
    table.add("slowest tick of 20 nodes, each on the disk", costs.slowest, "5 ms")
    table.add("its slowest by the processor alone", costs.slowestProcessor, "5 ms")
    table.add("bytes written to the disk a tick", words: "\(bytes / 2000)", "")
  }

  static func large(
    servers: Int, ticks: Int, _ table: inout BoundTable
  ) throws(StoreFailure) {
    var script = ClusterScript(serversPerTier: servers / 2, pages: 0, at: HistoryBenchmark.start)
    let path = "/tmp/tiertop-benchmark-large-\(getpid()).db"
    defer { for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + suffix) } }
    // Looking for the entropy of all would take the processor's memory from the recorder.
    let costs = try record(path, &script, ticks: ticks, isDurable: false, entropyTicks: 1)
    let size = ProcessFigures.fileSize(path)
    print(
      "  \(servers) servers: \(twoPlaces(costs.recording / Double(ticks) * 1e3)) ms a tick, 99.9 % below "
        + "\(twoPlaces(costs.almostAll * 1e3)) ms, slowest \(twoPlaces(costs.slowest * 1e3)) ms, "
        + "\(threePlaces(Double(size) / Double(ticks) / Double(costs.reported))) bytes a figure, "
        + "\(threePlaces(costs.processor / Double(ticks) * 100)) % of a core")
    let bound = servers > 1000 ? "" : "5 ms"
    table.add("slowest tick of \(servers) servers", costs.slowest, bound)
    table.add("its slowest by the processor alone", costs.slowestProcessor, bound)
    if getenv("HISTORY_TICKS") != nil { print("    the slowest ticks: \(costs.slowTicks)") }
  }

  /// What a process needs that polls 20 nodes, once with a recorder and once without: each is a process of its own.
  static func memory() {
    func kibibytes(_ kind: String) -> Double? { OwnProcess.figures([kind]).first?.value }
    guard let with = kibibytes("memory-recording"), let without = kibibytes("memory") else { return }
    print(
      "  20 nodes: \(Int(with)) KiB with a recorder, \(Int(without)) without: \(Int(with - without)) more")
  }

  /// Prints how many KiB this process has for itself after an hour of 20 nodes.
  static func reportMemory(isRecording: Bool) {
    var script = ClusterScript(serversPerTier: 9, pages: 9, at: HistoryBenchmark.start)
    var model = ClusterModel(layout: script.layout)
    let path = "/var/tmp/tiertop-benchmark-\(getpid()).db"
    defer { for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + suffix) } }
    var options = Recorder.Options()
    options.isDurable = false
    let recorder =
      isRecording
      ? try? Recorder(path: path, cluster: "benchmark", options: options, now: script.moment.wall) : nil
    recorder?.begin(layout: "cluster: benchmark", description: "a benchmark")
    for _ in 0..<3700 {
      let frame = script.frame()
      let events = model.advance(with: frame)
      recorder?.record(frame, model.snapshot, events: events)
    }
    OwnProcess.say("KiB", Double(ProcessFigures.figure("Pss:", "/proc/self/smaps_rollup")))
    recorder?.close()
  }
}
