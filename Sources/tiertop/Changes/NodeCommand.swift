import CSystem
import Cluster
import Glibc
import Platform

/// The command of a roll for one node, while it runs.
final class NodeCommand {
  private let child: ChildProcess
  private let loop: EventLoop
  private let input: Int32
  private var watch: Watch?
  private var rest: [UInt8] = []
  private let onLine: (String) -> Void

  /// A line that is longer is broken here, in bytes.
  private static let longestLine = 8192

  /// Starts it by `/bin/sh`, in a session of its own: it has no terminal to ask on, and Ctrl-C is not for it.
  ///
  /// - Parameters:
  ///   - environment: `NAME=value`, besides this program's own.
  ///   - onLine: is given each line that it writes, sanitised.
  init(
    _ text: String, environment: [String], on loop: EventLoop, onLine: @escaping (String) -> Void,
    onEnd: @escaping (Roll.CommandEnd) -> Void
  ) throws(SystemError) {
    self.loop = loop
    self.onLine = onLine
    var ends: [Int32] = [0, 0]
    let result = tt_pipe(&ends)
    if result < 0 { throw SystemError(errno: -result, doing: "pipe") }
    input = ends[0]
    let output = Descriptor(owning: ends[1])
    // Programs do not expect to be told that a pipe is full.
    _ = fcntl(output.raw, F_SETFL, 0)
    do {
      child = try ChildProcess(
        Platform.Command(
          "/usr/bin/env", environment + ["/bin/sh", "-c", text], output: .descriptor(output.raw),
          errors: .descriptor(output.raw), group: .session, deathSignal: SIGTERM))
    } catch {
      _ = Glibc.close(input)
      throw error
    }
    watch = try loop.watch(input, for: .reading) { [unowned self] _ in read() }
    try child.notify(on: loop) { [unowned self] status in
      // What it has left running may keep the pipe open: it ends with the command.
      read()
      close()
      onEnd(Roll.CommandEnd(status))
    }
  }

  deinit { close() }

  private func read() {
    guard watch != nil else { return }
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = tt_read(input, &chunk, chunk.count)
      if count == 0 { return close() }
      if count < 0 { return }
      rest += chunk[..<count]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        say(rest[..<end])
        rest.removeFirst(end + 1)
      }
      if rest.count > NodeCommand.longestLine {
        say(rest[...])
        rest = []
      }
    }
  }

  private func say(_ line: ArraySlice<UInt8>) { onLine(printable(String(decoding: line, as: UTF8.self))) }

  private func close() {
    guard let watch else { return }
    loop.unwatch(watch)
    self.watch = nil
    _ = Glibc.close(input)
    if !rest.isEmpty { say(rest[...]) }
    rest = []
  }
}

extension Roll.CommandEnd {
  fileprivate init(_ status: Platform.ExitStatus) {
    switch status {
    case .exited(let code): self = .exited(code)
    case .killed(let signal): self = .killed(signal: signal)
    case .unknown: self = .notStarted("nobody knows how it ended")
    }
  }
}
