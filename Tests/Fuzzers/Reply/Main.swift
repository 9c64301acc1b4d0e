import FuzzerKit

/// What other programs answer, over the network and at their sockets. On their own, since libFuzzer looks through all
/// that is linked after each input: the smaller, the faster.
@main enum Main {
  static func main() {
    FuzzerCommand(Fuzzer.haproxy + Fuzzer.systems + Fuzzer.databases + Fuzzer.entry).run()
  }
}
