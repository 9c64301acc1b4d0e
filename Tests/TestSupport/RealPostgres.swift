import Foundation
import Glibc
import Platform

/// A real PostgreSQL, made for one test in a directory of its own: `postgres` comes in over its socket without a
/// password, everybody else over TCP with one. It does not run as root, and so takes another user then.
public final class RealPostgres {
  public let port: UInt16
  public private(set) var server: RealServer?
  /// Where its sockets are.
  public let directory: String

  private let data: String
  private let log: String

  /// - Parameter primary: whom it follows, from a copy of its data; nil for nobody.
  public init(_ name: String, following primary: RealPostgres? = nil, in scratch: Scratch) throws {
    port = try freePort()
    directory = scratch.file(name)
    data = directory + "/data"
    log = scratch.file("\(name).log")
    // Whoever it runs as has to come that far.
    guard chmod(scratch.path, 0o711) == 0, mkdir(directory, 0o755) == 0 else {
      throw TestFailure("\(directory) cannot be made")
    }
    if geteuid() == 0, chown(directory, RealPostgres.nobody, RealPostgres.nobody) != 0 {
      throw TestFailure("\(directory) cannot be given away")
    }
    if let primary {
      try run(
        "pg_basebackup",
        [
          "-h", "127.0.0.1", "-p", "\(primary.port)", "-U", "postgres", "-D", data, "-R", "-X", "stream",
          "-c", "fast", "--no-sync",
        ])
    } else {
      try run(
        "initdb",
        [
          "-D", data, "-U", "postgres", "--no-sync", "--no-locale", "-E", "UTF8", "--auth-local=trust",
          "--auth-host=scram-sha-256",
        ])
      // The superuser comes in over TCP too, for the replica.
      let rules = """
        local all all trust
        host all postgres 127.0.0.1/32 trust
        host replication postgres 127.0.0.1/32 trust
        host all all 127.0.0.1/32 scram-sha-256

        """
      let file = data + "/pg_hba.conf"
      guard (try? rules.write(toFile: file, atomically: false, encoding: .utf8)) != nil else {
        throw TestFailure("\(file) cannot be written")
      }
    }
    try start()
  }

  public var socket: String { "\(directory)/.s.PGSQL.\(port)" }

  /// Starts it, with the data that it has; also again.
  ///
  /// - Parameter inOwnNetwork: whether it has a network namespace of its own, which only root can make.
  public func start(inOwnNetwork: Bool = false) throws {
    let (program, before) = inOwnNetwork ? RealServer.ownNetwork(of: "setpriv") : ("setpriv", [])
    server = try RealServer(
      program,
      before + RealPostgres.privileges + [
        RealPostgres.path("postgres"), "-D", data, "-p", "\(port)", "-k", directory, "-h", "127.0.0.1",
        "-c", "fsync=off", "-c", "autovacuum=off", "-c", "shared_buffers=8MB", "-c", "max_connections=20",
        "-c", "wal_retrieve_retry_interval=500ms", "-c", "lc_messages=C",
        "-c", "shared_preload_libraries=pg_stat_statements",
      ], log: log,
      until: inOwnNetwork
        ? [unixAddress(socket)] : [unixAddress(socket), numericAddress("127.0.0.1", port: port)])
    // It listens before it lets anybody in.
    for _ in 0..<500 where (try? run("pg_isready", ["-h", directory, "-p", "\(port)", "-q"])) == nil {
      usleep(20_000)
    }
  }

  /// At once, without a word to anybody who is connected.
  public func kill() {
    server?.child.send(SIGQUIT)
    _ = server?.child.waitUntilExit()
  }

  public func run(_ statements: String) throws {
    try run(
      "psql",
      [
        "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", directory, "-p", "\(port)", "-U", "postgres", "-d",
        "postgres",
        "-c", statements,
      ])
  }

  /// Stops all of its processes where they are, or lets them go on.
  public func hang(_ isHanging: Bool) {
    guard let pid = server?.child.pid else { return }
    let children = (try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)) ?? ""
    for child in [pid] + children.split(separator: " ").compactMap({ Int32($0) }) {
      Glibc.kill(child, isHanging ? SIGSTOP : SIGCONT)
    }
  }

  deinit {
    // Killed, it would leave a segment of shared memory behind.
    hang(false)
    kill()
  }

  private static let nobody: UInt32 = 65534

  private static var privileges: [String] {
    geteuid() == 0 ? ["--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups"] : []
  }

  private func run(_ program: String, _ arguments: [String]) throws {
    try runToEnd("setpriv", RealPostgres.privileges + [RealPostgres.path(program)] + arguments, log: log)
  }

  /// Debian keeps each version's programs in a directory of its own; the newest is taken.
  private static func path(_ program: String) -> String {
    let folder = "/usr/lib/postgresql"
    let versions = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted {
      (Int($0) ?? 0) > (Int($1) ?? 0)
    }
    return versions.map { "\(folder)/\($0)/bin/\(program)" }.first { access($0, X_OK) == 0 } ?? program
  }
}
