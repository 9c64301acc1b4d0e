import Cluster
import Glibc
import History

/// A store of 7 days at 1 s with 20 nodes, made by the real recorder, and what it takes to look into it.
/// `HISTORY_DAYS` makes it shorter, `HISTORY_STORE` keeps it.
enum HistoryBenchmark {
  static let start = WallTime(nanoseconds: 1_700_000_000_000_000_000)

  static func run() {
    let days = getenv("HISTORY_DAYS").flatMap { Double(String(cString: $0)) } ?? 7
    let kept = getenv("HISTORY_STORE").map { String(cString: $0) }
    let path = kept ?? "/tmp/tiertop-benchmark-\(getpid()).db"
    defer {
      if kept == nil { for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + suffix) } }
    }
    do {
      let layout = ClusterScript(serversPerTier: 9, pages: 9, at: start).layout
      var table = BoundTable()
      try durable(&table)
      memory()
      if access(path, F_OK) != 0 { try record(path, ticks: Int(days * 86_400)) }
      try look(path)
      try ExportBenchmark.run(path, layout)
      try large(servers: 1000, ticks: 1500, &table)
      try large(servers: 10_000, ticks: 40, &table)
      try LookBenchmark(path, layout).run(&table)
      table.show()
    } catch {
      print("  failed: \(error)")
    }
  }

  /// Only what looks into a store takes that was kept: `HISTORY_STORE` says which.
  static func runLooks() {
    guard let path = getenv("HISTORY_STORE").map({ String(cString: $0) }) else { return }
    do {
      var table = BoundTable()
      try LookBenchmark(path, ClusterScript(serversPerTier: 9, pages: 9, at: start).layout).run(&table)
      table.show()
    } catch {
      print("  failed: \(error)")
    }
  }

  /// Only what recorders cost.
  static func runRecording() {
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

  private static func record(_ path: String, ticks: Int) throws(StoreFailure) {
    var script = ClusterScript(serversPerTier: 9, pages: 9, at: start)
    let costs = try record(path, &script, ticks: ticks, isDurable: false)
    let size = fileSize(path)
    let reported = costs.reported
    print(
      "history: \(ticks) ticks of 20 nodes, \(reported) figures reported a tick, \(twoPlaces(costs.changed)) changed"
    )
    print(
      "  recorded in \(twoPlaces(costs.recording)) s: \(twoPlaces(costs.recording / Double(ticks) * 1e6)) µs a tick"
    )
    print(
      "  slowest tick \(twoPlaces(costs.slowest * 1e3)) ms; 99.9 % below \(twoPlaces(costs.almostAll * 1e3)) ms"
    )
    print(
      "  file \(size) bytes: \(threePlaces(Double(size) / Double(ticks) / Double(reported))) bytes a figure,")
    print("    \(threePlaces(Double(size) / Double(ticks) / costs.changed)) a changed figure,")
    print("    \(Int(Double(size) / Double(ticks))) a tick")
    print(
      "  entropy of the figures alone: \(threePlaces(costs.entropy / 8)) bytes a tick, each column for itself"
    )
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

  private static func record(
    _ path: String, _ script: inout ClusterScript, ticks: Int, isDurable: Bool, entropyTicks: Int = 3600
  ) throws(StoreFailure) -> Costs {
    var options = Recorder.Options()
    options.isDurable = isDurable
    options.nodes = script.layout.nodes.count
    let recorder = try Recorder(
      path: path, cluster: "benchmark", options: options, now: script.moment.wall)
    recorder.begin(layout: "cluster: benchmark", description: "a benchmark")
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
      let processor = processorSeconds()
      if let trouble = recorder.record(frame, model.snapshot, events: events) { throw trouble.failure }
      let took = begin.duration(to: clock.now).seconds
      let own = processorSeconds() - processor
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

  private static func look(_ path: String) throws(StoreFailure) {
    let opening = Figures(runs: 21) { _ = try? Timeline(path: path) }
    report("open", opening)
    let timeline = try Timeline(path: path)
    guard let span = try timeline.span() else { return }
    var chance = Chance(seed: 7)
    func anywhere() -> WallTime {
      let length = UInt64(span.end.nanoseconds - span.start.nanoseconds)
      return WallTime(nanoseconds: span.start.nanoseconds + Int64(chance.below(length)))
    }
    var failures = 0
    func measure(_ name: String, runs: Int = 201, _ work: () throws -> Void) {
      report(name, Figures(runs: runs) { do { try work() } catch { failures += 1 } })
    }
    measure("jump anywhere, 15 frames") {
      if try timeline.frames(endingAt: anywhere(), count: 15).count < 15 { failures += 1 }
    }
    measure("jump to the end, 15 frames") { _ = try timeline.frames(endingAt: span.end, count: 15) }
    var place = try timeline.sequence(at: anywhere()) ?? 1
    measure("step back", runs: 1001) { place = try timeline.frame(before: place)?.sequence ?? span.last }
    measure("step forward", runs: 1001) { place = try timeline.frame(after: place)?.sequence ?? span.first }
    measure("next incident") { _ = try timeline.event(after: anywhere(), of: EventKind.troubles) }
    measure("previous incident") { _ = try timeline.event(before: anywhere(), of: EventKind.troubles) }
    let node = Series.node(NodeName("web3"))
    func graph(_ hours: Int64) throws {
      let start = WallTime(nanoseconds: span.end.nanoseconds - hours * 3_600_000_000_000)
      let points = try timeline.rollUps(of: node, in: start...span.end, by: .minute)
      if points.count < min(Int(hours) * 60, Int(span.last) / 60) - 2 { failures += 1 }
    }
    measure("24 h of a node by the minute") { try graph(24) }
    measure("7 d of a node by the minute") { try graph(168) }
    measure("7 d of a node by the hour") {
      _ = try timeline.rollUps(of: node, in: span.start...span.end, by: .hour)
    }
    measure("strip of 7 d, 200 pieces") { _ = try timeline.strip(of: span.start..<span.end, buckets: 200) }
    measure("strip of 10 min, 200 pieces") {
      let end = anywhere()
      _ = try timeline.strip(of: WallTime(nanoseconds: end.nanoseconds - 600_000_000_000)..<end, buckets: 200)
    }
    let mark = try timeline.mark()
    if let news = try timeline.news(since: mark) {
      measure("nothing new", runs: 1001) { if try timeline.news(since: news.mark) != nil { failures += 1 } }
    }
    if failures > 0 { print("  \(failures) failures") }
  }

  /// What each tick costs where it has to be on the disk itself.
  private static func durable(_ table: inout BoundTable) throws(StoreFailure) {
    var script = ClusterScript(serversPerTier: 9, pages: 9, at: start)
    let path = "/var/tmp/tiertop-benchmark-\(getpid()).db"
    let (memory, written) = (figure("VmRSS:", "/proc/self/status"), figure("write_bytes:", "/proc/self/io"))
    let handed = figure("wchar:", "/proc/self/io")
    let costs = try record(path, &script, ticks: 2000, isDurable: true)
    let more = figure("VmRSS:", "/proc/self/status") - memory
    let bytes = figure("write_bytes:", "/proc/self/io") - written
    let given = figure("wchar:", "/proc/self/io") - handed
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

  private static func large(
    servers: Int, ticks: Int, _ table: inout BoundTable
  ) throws(StoreFailure) {
    var script = ClusterScript(serversPerTier: servers / 2, pages: 0, at: start)
    let path = "/tmp/tiertop-benchmark-large-\(getpid()).db"
    defer { for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + suffix) } }
    // Looking for the entropy of all would take the processor's memory from the recorder.
    let costs = try record(path, &script, ticks: ticks, isDurable: false, entropyTicks: 1)
    let size = fileSize(path)
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

  /// What this process has used of processors so far.
  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// What a process needs that polls 20 nodes, once with a recorder and once without: each is a process of its own.
  private static func memory() {
    func kibibytes(_ kind: String) -> Int? {
      guard let program = CommandLine.arguments.first,
        let pipe = popen("'\(program)' \(kind)", "r")
      else { return nil }
      defer { pclose(pipe) }
      var number = 0
      return withVaList([withUnsafeMutablePointer(to: &number) { $0 }]) { vfscanf(pipe, "%ld", $0) } == 1
        ? number : nil
    }
    guard let with = kibibytes("memory-recording"), let without = kibibytes("memory") else { return }
    print("  20 nodes: \(with) KiB with a recorder, \(without) without: \(with - without) more")
  }

  /// Prints how many KiB this process has for itself after an hour of 20 nodes.
  static func reportMemory(isRecording: Bool) {
    var script = ClusterScript(serversPerTier: 9, pages: 9, at: start)
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
    print(figure("Pss:", "/proc/self/smaps_rollup"))
    recorder?.close()
  }

  private static func report(_ name: String, _ figures: Figures) {
    let padding = String(repeating: " ", count: max(0, 30 - name.count))
    print(
      "  \(name)\(padding) \(threePlaces(figures.median * 1e3)) ms "
        + "(\(threePlaces(figures.fastest * 1e3)) to \(threePlaces(figures.slowest * 1e3)))"
    )
  }

  /// A number of one of the kernel's files about this process; 0 where it does not say.
  static func figure(_ name: String, _ path: String) -> Int {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
    for line in String(decoding: bytes[..<max(0, count)], as: UTF8.self).split(separator: "\n") {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      if words.count > 1, words[0] == name { return Int(words[1]) ?? 0 }
    }
    return 0
  }

  static func fileSize(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}

func threePlaces(_ number: Double) -> String {
  let thousandths = Int(number * 1000 + 0.5)
  let places = String(thousandths % 1000)
  return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - places.count))\(places)"
}
