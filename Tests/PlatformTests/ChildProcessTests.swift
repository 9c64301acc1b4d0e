import CSystem
import Cluster
import Foundation
import Glibc
import Platform
import Testing

struct ChildProcessTests {
  @Test func aProgramsOutputAndExitCodeAreSeen() throws {
    let log = temporaryPath()
    defer { unlink(log) }
    let child = try ChildProcess(
      Command(
        "sh", ["-c", "echo \"$GREETING from $PWD\"; exit 7"],
        environment: ["GREETING=hello", "PATH=/usr/bin:/bin"],
        directory: "/", output: .log(path: log)))
    #expect(child.waitUntilExit() == .exited(code: 7))
    #expect(try String(contentsOfFile: log, encoding: .utf8) == "hello from /\n")
  }

  @Test func itsEndIsAnEventOfTheLoop() throws {
    let loop = try EventLoop()
    let child = try ChildProcess(Command("true"))
    var seen: [Platform.ExitStatus] = []
    try child.notify(on: loop) {
      seen.append($0)
      loop.stop()
    }
    try loop.run()
    #expect(seen == [.exited(code: 0)])
    #expect(child.status?.isSuccess == true)
  }

  @Test func aProgramThatIsNotThereIsAnErrorOfExec() {
    #expect(throws: SystemError(errno: ENOENT, doing: "exec")) {
      _ = try ChildProcess(Command("tiertop-no-such-program"))
    }
  }

  @Test func aDirectoryThatIsNotThereIsAnErrorOfChdir() {
    #expect(throws: SystemError(errno: ENOENT, doing: "chdir")) {
      _ = try ChildProcess(Command("true", directory: "/no/such/directory"))
    }
  }

  @Test func aLogThatCannotBeOpenedIsAnError() {
    #expect(throws: SystemError(errno: ENOENT, doing: "open /no/such/log")) {
      _ = try ChildProcess(Command("true", output: .log(path: "/no/such/log")))
    }
  }

  @Test func aProgramThatIgnoresTheRequestToEndIsKilled() throws {
    let loop = try EventLoop()
    var ends: [Int32] = [-1, -1]
    try #require(tt_socket_pair(&ends) == 0)
    let ours = Owned(ends[0])
    let theirs = Owned(ends[1])
    let child = try ChildProcess(
      Command(
        "sh", ["-c", "trap '' TERM; echo ready; while :; do sleep 60; done"], output: .descriptor(theirs.raw))
    )
    // Only when it has said so does it ignore the signal.
    let watch = try loop.watch(ours.raw, for: .reading) { _ in
      var byte: UInt8 = 0
      if tt_receive(ours.raw, &byte, 1) == 1, byte == UInt8(ascii: "r") { child.end(grace: .milliseconds(1)) }
    }
    var seen: Platform.ExitStatus?
    try child.notify(on: loop) {
      seen = $0
      loop.stop()
    }
    try loop.run()
    #expect(seen == .killed(signal: SIGKILL))
    loop.unwatch(watch)
  }

  @Test func aForgottenChildIsKilledAndReaped() throws {
    var child: ChildProcess? = try ChildProcess(Command("sleep", ["600"]))
    let pid = try #require(child?.pid)
    #expect(child?.isRunning == true)
    child = nil
    #expect(kill(pid, 0) == -1 && errno == ESRCH)
  }

  @Test func aSignalReachesTheWholeGroup() throws {
    var ends: [Int32] = [-1, -1]
    try #require(tt_pipe(&ends) == 0)
    let reading = Owned(ends[0])
    let writing = Owned(ends[1])
    // The grandchild holds the pipe's other end: end of file says that it is gone.
    let child = try ChildProcess(
      Command("sh", ["-c", "sleep 600 & echo $!; wait"], output: .descriptor(ends[1])))
    writing.close()
    let loop = try EventLoop()
    var isAtEnd = false
    let watch = try loop.watch(reading.raw, for: .reading) { _ in
      var buffer = [UInt8](repeating: 0, count: 64)
      if tt_read(reading.raw, &buffer, 64) == 0 {
        isAtEnd = true
        loop.stop()
      } else {
        child.send(SIGTERM)
      }
    }
    try loop.run()
    #expect(isAtEnd)
    #expect(child.waitUntilExit() == .killed(signal: SIGTERM))
    loop.unwatch(watch)
  }

  @Test func aChildStartsWithoutOurDescriptorsAndSignalMask() throws {
    let log = temporaryPath()
    defer { unlink(log) }
    var ends: [Int32] = [-1, -1]
    try #require(tt_pipe(&ends) == 0)
    let ours = (Owned(ends[0]), Owned(ends[1]))
    _ = fcntl(ours.0.raw, F_SETFD, 0)
    let child = try ChildProcess(
      Command(
        "sh", ["-c", "ls /proc/self/fd; grep -E 'SigBlk|SigIgn' /proc/self/status"], output: .log(path: log)))
    #expect(child.waitUntilExit().isSuccess)
    let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    // 3 is ls reading the directory.
    #expect(lines.prefix(4) == ["0", "1", "2", "3"])
    // The signals 1…31; what lies above is the C library's own.
    let masks = lines.dropFirst(4).compactMap { $0.split(separator: "\t").last }.map { UInt64($0, radix: 16) }
    #expect(masks.map { $0.map { $0 & 0x7FFF_FFFF } } == [0, 0])
  }

  private func temporaryPath() -> String {
    NSTemporaryDirectory() + "/tiertop-" + UUID().uuidString
  }
}
