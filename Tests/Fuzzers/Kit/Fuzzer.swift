import Cluster

/// One reader of bytes from outside, and what libFuzzer is told about it.
package struct Fuzzer: Sendable {
  package let name: String
  /// The longest input that is tried: long enough for all that the reader tells apart, and no longer.
  package let longest: Int
  /// The beginnings of paths below Tests/ of what real programs have said: what it begins with.
  package let captures: [String]
  /// What else it begins with.
  package let seeds: @Sendable () -> [[UInt8]]
  /// Makes what is done with each input. What it keeps between two inputs must not change what it does.
  package let make: @Sendable () -> (Span<UInt8>) -> Void

  package init(
    name: String, longest: Int, captures: [String] = [], seeds: @escaping @Sendable () -> [[UInt8]] = { [] },
    make: @escaping @Sendable () -> (Span<UInt8>) -> Void
  ) {
    self.name = name
    self.longest = longest
    self.captures = captures
    self.seeds = seeds
    self.make = make
  }

  package static func texts(_ texts: String...) -> @Sendable () -> [[UInt8]] {
    { texts.map { Array($0.utf8) } }
  }
}

/// Ends the program where what has to hold does not: libFuzzer keeps the input.
package func require(_ condition: Bool, _ what: @autoclosure () -> String) {
  if !condition { fatalError(what()) }
}

/// A text that anybody shows holds nothing that moves a cursor, hides or reorders.
package func requireShown(_ text: String) {
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 <= 0x7E }) { return }
  require(printable(text) == text, "a text that is not sanitised: \(text.debugDescription)")
}

/// The result of something that may throw a fault of its own.
package func result<Value, Fault>(_ body: () throws(Fault) -> Value) -> Result<Value, Fault> {
  do { return .success(try body()) } catch { return .failure(error) }
}
