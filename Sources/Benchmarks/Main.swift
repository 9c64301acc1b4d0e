/// `Benchmarks NAME…`: measures, and prints what it measured; without a name, everything. `Benchmarks bytes STORE`
/// counts what a store holds.
@main
struct Main {
  static let benchmarks: [(name: String, run: @Sendable () -> Void)] = [
    ("parse", ParseBenchmark.run), ("history", HistoryBenchmark.run), ("looks", HistoryBenchmark.runLooks),
    ("growth", HistoryGrowthBenchmark.run), ("crowds", CrowdBenchmark.run),
    ("recording", RecordingBenchmark.run),
    ("stages", StageBenchmark.run),
    ("formats", FormatBenchmark.run),
  ]

  static func main() {
    let wanted = CommandLine.arguments.dropFirst()
    switch wanted.first {
    case "bytes": return StoreBytes.run(wanted.dropFirst())
    // What benchmarks run in processes of their own.
    case "memory": return RecordingBenchmark.reportMemory(isRecording: false)
    case "memory-recording": return RecordingBenchmark.reportMemory(isRecording: true)
    case "crowd": return CrowdBenchmark.look(wanted.dropFirst())
    default: break
    }
    for name in wanted where !benchmarks.contains(where: { $0.name == name }) {
      print(
        "no benchmark is called \(name); there are: \(benchmarks.map(\.name).joined(separator: ", ")), bytes STORE"
      )
    }
    for benchmark in benchmarks where wanted.isEmpty || wanted.contains(benchmark.name) { benchmark.run() }
  }
}
