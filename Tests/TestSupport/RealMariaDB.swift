import Foundation
import Glibc
import Platform

/// A real MariaDB, made for one test in a directory of its own. Its root comes in without a password, over the
/// socket; everybody else over TCP on loopback.
public final class RealMariaDB {
  public let port: UInt16
  public let socket: String
  public private(set) var server: RealServer?

  private let scratch: Scratch
  private let name: String
  private let number: Int

  /// - Parameters:
  ///   - name: of its directory; several share a scratch directory.
  ///   - number: tells it from others that it replicates with.
  public init(_ name: String, number: Int = 1, in scratch: Scratch) throws {
    self.scratch = scratch
    self.name = name
    self.number = number
    port = try freePort()
    socket = scratch.file("\(name).sock")
    try runToEnd(
      "mariadb-install-db",
      [
        "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db",
        "--innodb-log-file-size=4M",
        "--datadir=\(scratch.file(name))",
      ] + asRoot, log: scratch.file("\(name).install"))
    try start()
  }

  private var asRoot: [String] { geteuid() == 0 ? ["--user=root"] : [] }

  /// Starts it, with the data that it has; also again.
  ///
  /// - Parameter inOwnNetwork: whether it has a network namespace of its own, which only root can make.
  public func start(_ more: [String] = [], inOwnNetwork: Bool = false) throws {
    let (program, before) = inOwnNetwork ? RealServer.ownNetwork(of: "mariadbd") : ("mariadbd", [])
    server = try RealServer(
      program,
      before + [
        "--no-defaults", "--datadir=\(scratch.file(name))", "--socket=\(socket)", "--port=\(port)",
        "--bind-address=127.0.0.1", "--pid-file=\(scratch.file("\(name).pid"))", "--server-id=\(number)",
        "--log-bin=binlog", "--innodb-log-file-size=4M", "--innodb-buffer-pool-size=8M",
        "--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve", "--skip-slave-start",
      ] + asRoot + more, log: scratch.file("\(name).log"),
      until: inOwnNetwork
        ? [unixAddress(socket)] : [unixAddress(socket), numericAddress("127.0.0.1", port: port)])
  }

  /// As by `kill -9`.
  public func kill() {
    server?.child.send(SIGKILL)
    _ = server?.child.waitUntilExit()
  }

  public func run(_ statements: String) throws {
    try runToEnd(
      "mariadb", ["--no-defaults", "-S", socket, "-u", "root", "-e", statements],
      log: scratch.file("\(name).client"))
  }

  /// Begins to follow `primary`, whose user `repl` has the password `secret`.
  public func follow(_ primary: RealMariaDB) throws {
    try run(
      """
      CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=\(primary.port), MASTER_USER='repl', \
      MASTER_PASSWORD='secret', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1; START SLAVE
      """)
  }
}

/// Runs a program to its end, which has to be a good one.
public func runToEnd(_ program: String, _ arguments: [String], log: String) throws {
  let child = try ChildProcess(
    Command(program, arguments, output: .log(path: log), errors: .log(path: log)))
  guard child.waitUntilExit().isSuccess else {
    throw TestFailure("\(program) \(arguments): \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
  }
}
