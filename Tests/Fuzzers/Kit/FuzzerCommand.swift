import CFuzzer
import Glibc

/// What is done with each input. libFuzzer's callback has no place for it.
nonisolated(unsafe) private var test: (Span<UInt8>) -> Void = { _ in }

/// What an executable with fuzzers can be told:
///
///     list                 a line each: name, longest input, captures
///     seeds NAME FOLDER    writes what it begins with there
///     run NAME OPTION…     runs it; the options are libFuzzer's
package struct FuzzerCommand {
  private let all: [Fuzzer]

  package init(_ all: [Fuzzer]) {
    self.all = all
  }

  package func run() {
    var words = CommandLine.arguments.dropFirst()
    switch words.popFirst() {
    case "list":
      for fuzzer in all { print(fuzzer.name, fuzzer.longest, fuzzer.captures.joined(separator: " ")) }
    case "seeds":
      guard let fuzzer = words.popFirst().flatMap(fuzzer), let folder = words.popFirst() else { fail() }
      for (place, seed) in fuzzer.seeds().enumerated() {
        // It would be cut, and nobody would see it.
        require(seed.count <= fuzzer.longest, "\(fuzzer.name): seed \(place) is longer than its inputs")
        write(seed, to: "\(folder)/made-\(place)")
      }
    case "run":
      guard let fuzzer = words.popFirst().flatMap(fuzzer) else { fail() }
      run(fuzzer)
    default: fail()
    }
  }

  private func fuzzer(_ name: String) -> Fuzzer? { all.first { $0.name == name } }

  /// Everything behind the name is for libFuzzer.
  private func run(_ fuzzer: Fuzzer) {
    test = fuzzer.make()
    var arguments = CommandLine.unsafeArgv + 2
    var count = CommandLine.argc - 2
    arguments[0] = CommandLine.unsafeArgv[0]
    withUnsafeMutablePointer(to: &arguments) { arguments in
      arguments.withMemoryRebound(to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self, capacity: 1) {
        exit(
          LLVMFuzzerRunDriver(&count, $0) { bytes, length in
            test(Span(_unsafeElements: UnsafeBufferPointer(start: bytes, count: length)))
            return 0
          })
      }
    }
  }

  private func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "w"), fwrite(bytes, 1, bytes.count, file) == bytes.count, fclose(file) == 0
    else {
      perror(path)
      exit(1)
    }
  }

  private func fail() -> Never {
    print("usage: list | seeds NAME FOLDER | run NAME OPTION…")
    exit(2)
  }
}
