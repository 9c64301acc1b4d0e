/// `Benchmarks NAME…`: measures, and prints what it measured; without a name, everything.
@main
struct Main {
  static let benchmarks: [(name: String, run: @Sendable () -> Void)] = [
    ("parse", ParseBenchmark.run), ("history", HistoryBenchmark.run),
  ]

  static func main() {
    let wanted = CommandLine.arguments.dropFirst()
    for name in wanted where !benchmarks.contains(where: { $0.name == name }) {
      print("no benchmark is called \(name); there are: \(benchmarks.map(\.name).joined(separator: ", "))")
    }
    for benchmark in benchmarks where wanted.isEmpty || wanted.contains(benchmark.name) { benchmark.run() }
  }
}
