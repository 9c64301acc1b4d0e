import Foundation
import Testing

/// Has whoever opens a file wait, until a test lets go of it: by a lease, which the kernel asks back for three quarters
/// of a minute.
final class LeaseHolder {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  private static let program = """
    import fcntl, os, signal, sys
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    signal.signal(signal.SIGIO, lambda *_: os.write(1, b"asked\\n"))
    file = os.open(sys.argv[1], os.O_RDWR)
    fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    os.write(1, b"held\\n")
    sys.stdin.read()
    """

  init(_ file: String) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", LeaseHolder.program, file]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try #require(output.fileHandleForReading.availableData == Data("held\n".utf8))
  }

  deinit { letGo() }

  /// Whether, before long, somebody wants to open the file.
  func isAsked() -> Bool {
    var waiting = pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
    return holds(within: 30) { poll(&waiting, 1, 0) > 0 }
      && output.fileHandleForReading.availableData == Data("asked\n".utf8)
  }

  func letGo() {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }
}
