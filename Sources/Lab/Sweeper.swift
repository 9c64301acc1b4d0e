import CSystem
import Glibc
import Platform

/// Takes a lab's directory away when the lab has ended, however it has: also when it was killed.
///
/// A small process of its own that waits for the end of a pipe whose other end only this process holds. The same
/// way at a regular end and after SIGKILL, so that it is known to work.
final class Sweeper {
  private let process: ChildProcess
  private var hold: Int32

  /// - Parameter directory: absolute; removed with all that is in it.
  init(of directory: LabDirectory) throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    let result = tt_pipe(&ends)
    if result < 0 { throw SystemError(errno: -result, doing: "pipe") }
    defer { _ = close(ends[0]) }
    hold = ends[1]
    // Ours does not block; the shell's `read` has to.
    _ = fcntl(ends[0], F_SETFL, 0)
    // The last of the programs may still be about to end, and to write.
    let script = """
      trap '' INT TERM HUP
      read -r _
      tries=0
      until rm -rf -- "$1" || [ "$tries" -ge 20 ]; do tries=$((tries + 1)); sleep 0.1; done
      """
    do throws(SystemError) {
      process = try ChildProcess(
        Command(
          "/bin/sh", ["-c", script, "tiertop-lab-sweeper", directory.path], directory: "/",
          input: .descriptor(ends[0]), group: .session, deathSignal: nil))
    } catch {
      _ = close(ends[1])
      throw error
    }
  }

  /// Lets it do its work, and waits until it has.
  func sweep() {
    letGo()
    process.waitUntilExit()
  }

  private func letGo() {
    if hold >= 0 { _ = close(hold) }
    hold = -1
  }

  deinit {
    letGo()
    // Else it would be killed before it has done its work.
    process.waitUntilExit()
  }
}
