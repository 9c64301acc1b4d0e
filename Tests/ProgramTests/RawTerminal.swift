import Foundation
import Testing

/// A terminal that the test itself is: it shows nothing, and keeps each byte that it is sent as it came.
final class RawTerminal {
  let process = Process()
  private let master: Int32
  /// Kept open, so that the modes of the terminal can be read after the program has ended.
  private let slave: Int32
  private let record = Record()

  /// What was sent; guarded, because a thread of its own reads it.
  private final class Record: @unchecked Sendable {
    private let lock = NSLock()
    private var bytes: [UInt8] = []
    private var isPaused = false
    private var isOver = false

    func add(_ more: ArraySlice<UInt8>) { lock.withLock { bytes.append(contentsOf: more) } }
    func pause(_ pauses: Bool) { lock.withLock { isPaused = pauses } }
    func end() { lock.withLock { isOver = true } }

    var all: [UInt8] { lock.withLock { bytes } }
    var count: Int { lock.withLock { bytes.count } }
    var waits: Bool { lock.withLock { isPaused } }
    var hasEnded: Bool { lock.withLock { isOver } }
  }

  /// What becomes of what is sent, from before the program starts.
  enum Beginning {
    case read
    /// Nobody reads it, and it holds as much as it can.
    case full
    /// It is held, as by ^S.
    case held
  }

  /// Makes the terminal the program's own: a session, signals as a shell would leave them.
  private static let wrapper = """
    import fcntl, os, signal, sys, termios
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    if os.getpgrp() == os.getpid(): os.setpgid(0, os.getpgid(os.getppid()))
    os.setsid()
    if sys.argv[1] == "own": fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.execvp(sys.argv[2], sys.argv[2:])
    """

  /// As after `su -c`: neither is the terminal that of the session, nor may it be opened. Root may, but for what it
  /// gives up.
  private static let dispossessed =
    getuid() == 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : []

  /// Starts tiertop, or another program, on it.
  ///
  /// - Parameters:
  ///   - type: what `TERM` says.
  ///   - locale: what `LC_ALL` says.
  ///   - isOwn: whether the program may open it once more.
  init(
    _ arguments: [String], of program: String = program, width: Int = 80, height: Int = 24,
    type: String = "xterm-256color", locale: String = "C.UTF-8", memory: OwnMemory? = nil,
    environment: [String: String] = [:], isOwn: Bool = true, from beginning: Beginning = .read
  ) throws {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (isLocked, number): (Int32, UInt32) = (0, 0)
    // TIOCSPTLCK and TIOCGPTN: what grantpt(3) and its kin do, which Foundation does not have.
    guard master >= 0, ioctl(master, 0x4004_5431, &isLocked) == 0, ioctl(master, 0x8004_5430, &number) == 0
    else { throw POSIXError(.ENOTTY) }
    slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard slave >= 0 else { throw POSIXError(.ENOTTY) }
    let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let rights = isOwn ? ["own"] : ["shared"] + RawTerminal.dispossessed
    process.arguments = ["python3", "-c", RawTerminal.wrapper] + rights + [program] + arguments
    if !isOwn { fchmod(slave, 0) }
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "TERM": type,
      "LC_ALL": locale, "HOME": "/nonexistent", "TZ": "UTC",
      "XDG_STATE_HOME": memory?.directory.path ?? "/nonexistent",
    ].merging(instrumentation) { $1 }.merging(environment) { $1 }
    process.standardInput = terminal
    process.standardOutput = terminal
    process.standardError = terminal
    resize(width: width, height: height)
    try begin(beginning, "/dev/pts/\(number)")
    try process.run()
    let (record, master) = (record, master)
    let thread = Thread {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while !record.hasEnded {
        var waiting = pollfd(fd: master, events: record.waits ? 0 : Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 20) > 0, waiting.revents & Int16(POLLIN) != 0 else {
          if waiting.revents != 0 { usleep(20_000) }
          continue
        }
        let count = read(master, &buffer, buffer.count)
        if count > 0 { record.add(buffer[..<count]) }
      }
      close(master)
    }
    thread.start()
  }

  private func begin(_ beginning: Beginning, _ path: String) throws {
    switch beginning {
    case .read: return
    case .held: tcflow(slave, TCOOFF)
    case .full:
      record.pause(true)
      let full = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
      guard full >= 0 else { throw POSIXError(.ENOTTY) }
      defer { close(full) }
      let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 1024)
      // What is on its way makes room once more when it has come to its end.
      var refusals = 0
      while refusals < 5 {
        if write(full, bytes, bytes.count) > 0 {
          refusals = 0
        } else {
          refusals += 1
          usleep(10_000)
        }
      }
    }
  }

  deinit {
    if process.isRunning {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    record.end()
    close(slave)
  }

  /// Every byte that was sent until now.
  var bytes: [UInt8] { record.all }

  /// Whether, before long, the words have been sent, each in one piece.
  func says(_ words: String..., within seconds: TimeInterval = 60) -> Bool {
    holds(within: seconds) {
      let bytes = Data(self.bytes)
      return words.allSatisfy { bytes.range(of: Data($0.utf8)) != nil }
    }
  }

  /// Whether, before long, more is sent than was until now.
  func goesOn() -> Bool {
    let count = record.count
    return holds { self.record.count > count }
  }

  /// What somebody types; also what nobody can type.
  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(master, bytes, bytes.count)
  }

  func resize(width: Int, height: Int) {
    var size = winsize(
      ws_row: UInt16(clamping: height), ws_col: UInt16(clamping: width), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  /// Takes nothing more, as a terminal does whose line hangs.
  func stopReading() { record.pause(true) }
  func readOn() {
    record.pause(false)
    tcflow(slave, TCOON)
  }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// What it ended with; nil while it runs.
  var status: Int32? { process.isRunning ? nil : process.terminationStatus }

  /// Whether, before long, the program has ended.
  func ends() -> Bool { holds { !self.process.isRunning } }

  /// Whether it stands still, as after ^Z.
  var isStopped: Bool {
    let path = "/proc/\(process.processIdentifier)/status"
    let status = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    return status.contains("State:\tT")
  }

  /// Whether the program has opened the terminal for itself, so as not to wait for it.
  var isOpenedAgain: Bool {
    let directory = "/proc/\(process.processIdentifier)"
    let files = (try? FileManager.default.contentsOfDirectory(atPath: directory + "/fd")) ?? []
    return files.contains { file in
      let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/fd/\(file)")
      let bytes = FileManager.default.contents(atPath: "\(directory)/fdinfo/\(file)") ?? Data()
      let flags = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        .first { $0.hasPrefix("flags:") }?.split(separator: "\t").last.flatMap { Int32($0, radix: 8) }
      return path?.hasPrefix("/dev/pts/") == true && (flags ?? 0) & O_NONBLOCK != 0
    }
  }

  /// Whether whoever else has the terminal as the shell has it does not wait for it.
  var isNonBlocking: Bool { fcntl(slave, F_GETFL) & O_NONBLOCK != 0 }

  /// Whether the terminal echoes and takes lines, as before, and whoever reads and writes it waits.
  var isGivenBack: Bool {
    var modes = termios()
    guard tcgetattr(slave, &modes) == 0 else { return false }
    return modes.c_lflag & UInt32(ECHO | ICANON | ISIG) == UInt32(ECHO | ICANON | ISIG)
      && modes.c_oflag & UInt32(OPOST) != 0 && !isNonBlocking
  }
}
