import CSystem
import Foundation
import Glibc
public import Platform

/// A network of its own for one test, with nothing in it but loopback. It is gone with the test: only a process
/// that sleeps holds it.
public final class TestNetwork {
  /// Where it can be entered.
  public var path: String { "/proc/\(holder.pid)/ns/net" }
  /// For programs that run in it.
  public let namespace: NetworkNamespace

  private let holder: ChildProcess

  /// Whether this user may make networks. Only root may in a process with several threads, as tests are.
  public static var isPossible: Bool { (try? TestNetwork()) != nil }

  /// What is said where it is not.
  public static let reason = "needs root: network namespaces are made for it"

  public init() throws {
    holder = try ChildProcess(Command("unshare", ["--net", "sleep", "infinity"]))
    let ours = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
    var isThere = false
    for _ in 0..<2000 where holder.isRunning && !isThere {
      let theirs = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(holder.pid)/ns/net")
      isThere = theirs.map { $0 != ours } ?? false
      if !isThere { usleep(2000) }
    }
    guard isThere else { throw TestFailure("unshare --net: not permitted") }
    namespace = try NetworkNamespace(path: "/proc/\(holder.pid)/ns/net")
    try run("ip", ["link", "set", "lo", "up"])
  }

  /// Runs a program in it to its end, which has to be a good one.
  public func run(_ program: String, _ arguments: [String]) throws {
    let child = try ChildProcess(command(program, arguments, errors: .inherited))
    guard child.waitUntilExit().isSuccess else {
      throw TestFailure("\(program) \(arguments.joined(separator: " ")) failed")
    }
  }

  /// Starts a program in it, which ends with the test.
  public func start(_ program: String, _ arguments: [String], log: String) throws -> ChildProcess {
    try ChildProcess(command(program, arguments, output: .log(path: log), errors: .log(path: log)))
  }

  private func command(
    _ program: String, _ arguments: [String], output: Command.Stream = .null, errors: Command.Stream
  ) -> Command {
    // Debian keeps servers where only root's PATH leads.
    let found = ["/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/"].map { $0 + program }
      .first { access($0, X_OK) == 0 }
    return Command(found ?? program, arguments, output: output, errors: errors, network: namespace)
  }

  /// A cable to another network: both ends are up, and have these addresses (`10.77.1.1/24`).
  public func connect(
    _ name: String, _ address: String?, to other: TestNetwork, _ otherName: String, _ otherAddress: String?
  ) throws {
    try run(
      "ip",
      ["link", "add", name, "type", "veth", "peer", "name", otherName, "netns", "\(other.holder.pid)"])
    for (network, name, address) in [(self, name, address), (other, otherName, otherAddress)] {
      if let address { try network.run("ip", ["address", "add", address, "dev", name]) }
      try network.run("ip", ["link", "set", name, "up"])
    }
  }
}
