public import CSystem
import Foundation
import Glibc
public import Platform

/// A port on loopback that nobody listens to now.
public func freePort() throws -> UInt16 {
  var address = numericAddress("127.0.0.1")
  let listener = Owned(tt_listen(&address, 1))
  var local = tt_address()
  guard tt_local_address(listener.raw, &local) == 0 else { throw TestFailure("no free port") }
  return UInt16(clamping: tt_address_port(&local))
}

/// Whether somebody listens there.
public func isListening(_ address: tt_address) -> Bool {
  var address = address
  var isPending: Int32 = 0
  let raw = tt_connect(&address, &isPending)
  if raw < 0 { return false }
  let socket = Owned(raw)
  if isPending == 0 { return true }
  var wait = pollfd(fd: socket.raw, events: Int16(POLLOUT), revents: 0)
  return poll(&wait, 1, 1000) == 1 && tt_connect_result(socket.raw) == 0
}

/// A real program that serves, started for one test and killed with it.
public final class RealServer {
  public let child: ChildProcess
  private let log: String

  /// Returns when somebody listens at all of `addresses`.
  public init(_ program: String, _ arguments: [String], log: String, until addresses: [tt_address]) throws {
    self.log = log
    // Debian keeps servers where only root's PATH leads.
    let path = "PATH=" + (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin:/sbin"
    let program =
      ["/usr/sbin/", "/usr/local/sbin/", "/usr/bin/"].map { $0 + program }
      .first { access($0, X_OK) == 0 } ?? program
    child = try ChildProcess(
      Command(program, arguments, environment: [path], output: .log(path: log), errors: .log(path: log)))
    var isServing = false
    for _ in 0..<2000 where child.isRunning && !isServing {
      isServing = addresses.allSatisfy(isListening)
      if !isServing { usleep(5000) }
    }
    guard isServing else {
      throw TestFailure(
        "\(program) does not serve: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
    }
  }

  /// How a program is started in a network namespace of its own, with nothing in it but loopback. Only root can
  /// make one; it ends with the program.
  public static func ownNetwork(of program: String) -> (program: String, arguments: [String]) {
    let path = "PATH=$PATH:/usr/sbin:/sbin"
    return ("unshare", ["-n", "sh", "-c", "\(path); ip link set lo up && exec \"$0\" \"$@\"", program])
  }
}
