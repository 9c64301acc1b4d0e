import CSystem
import Cluster
import Foundation
import Glibc
import Platform
import Testing

@testable import Agent

/// A port on loopback that nobody listens to now.
func freePort() throws -> UInt16 {
  var address = numericAddress("127.0.0.1")
  let listener = Owned(tt_listen(&address, 1))
  var local = tt_address()
  try #require(tt_local_address(listener.raw, &local) == 0)
  return UInt16(clamping: tt_address_port(&local))
}

/// Whether somebody listens there.
func isListening(_ address: tt_address) -> Bool {
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
final class RealServer {
  let child: ChildProcess
  private let log: String

  /// Returns when somebody listens at all of `addresses`.
  init(_ program: String, _ arguments: [String], log: String, until addresses: [tt_address]) throws {
    self.log = log
    // Debian keeps servers where only root's PATH leads.
    let path = "PATH=" + (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin:/sbin"
    let program =
      ["/usr/sbin/", "/usr/local/sbin/", "/usr/bin/"].map { $0 + program }
      .first { access($0, X_OK) == 0 } ?? program
    child = try ChildProcess(
      Command(program, arguments, environment: [path], output: .log(path: log), errors: .log(path: log)))
    for _ in 0..<2000 where !addresses.allSatisfy(isListening) {
      if !child.isRunning { break }
      usleep(5000)
    }
    try #require(
      child.isRunning && addresses.allSatisfy(isListening),
      "\(program) does not serve: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
  }
}

/// The first reading of each source, by a real clock, and a new agent.
func firstReadings(of sources: [Source], options: AgentOptions = AgentOptions()) throws -> [Reading] {
  let loop = try EventLoop()
  var options = options
  options.warmUp = false
  let agent = Agent(plan: PollPlan(interval: .seconds(20), sources: sources), loop: loop, options: options)
  var readings: [Int: Reading] = [:]
  agent.onReading = { readings[$0.source.index] = $0 }
  agent.start()
  try loop.run(until: { readings.count == sources.count })
  agent.stop()
  return sources.indices.compactMap { readings[$0] }
}

extension Reading {
  var proxy: ProxySample? {
    if case .sample(.proxy(let sample)) = outcome { sample } else { nil }
  }

  var web: StubStatus? {
    if case .sample(.web(let status)) = outcome { status } else { nil }
  }

  var failure: ReadFailure? {
    if case .failure(let failure) = outcome { failure } else { nil }
  }
}
