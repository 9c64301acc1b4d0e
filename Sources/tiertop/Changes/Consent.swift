import Cluster
import Glibc
import Platform

/// What a person has allowed beforehand, and how the rest is asked.
struct Consent {
  /// Nothing is asked.
  let isGiven: Bool
  /// Also below the layout's floor.
  let isForced: Bool
  /// Why it is done; sanitised, empty for none.
  let note: String

  /// - Throws: where it would have to ask, and nobody is there.
  init(_ invocation: Invocation) throws(UsageError) {
    isGiven = invocation.has(.yes) || invocation.has(.dryRun)
    isForced = invocation.has(.force)
    note = printable(invocation.value(of: .note) ?? "")
    if !isGiven, isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0 { throw .noTerminal }
  }

  enum Answer {
    case yes, no, interrupted
  }

  /// Asks on the terminal, while the cluster goes on being watched. Everything that is not yes is no.
  func ask(_ question: String, while cluster: LiveCluster) throws -> Answer {
    if isGiven { return .yes }
    Output.write(Array("\(question) [y/N] ".utf8), to: STDERR_FILENO)
    let line = Line()
    let watch = try cluster.loop.watch(STDIN_FILENO, for: .reading) { _ in line.read() }
    defer { cluster.loop.unwatch(watch) }
    if try cluster.wait(until: { line.isWhole }) == .interrupted {
      Output.write([UInt8(ascii: "\n")], to: STDERR_FILENO)
      return .interrupted
    }
    return ["y", "yes"].contains(line.text.lowercased()) ? .yes : .no
  }

  /// A line as it is typed.
  private final class Line {
    private var bytes: [UInt8] = []
    private(set) var isWhole = false

    func read() {
      var chunk = [UInt8](repeating: 0, count: 256)
      let count = Glibc.read(STDIN_FILENO, &chunk, chunk.count)
      if count < 0, errno == EINTR || errno == EAGAIN { return }
      // The end without a line is no answer, and so no yes.
      isWhole = count <= 0 || chunk[..<count].contains(UInt8(ascii: "\n"))
      if count > 0 { bytes += chunk[..<count] } else { bytes = [] }
    }

    var text: String {
      let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
      return String(decoding: line, as: UTF8.self).split(separator: " ").joined(separator: " ")
    }
  }
}
