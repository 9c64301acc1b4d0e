import Cluster
import Foundation
import Platform
import TestSupport

@testable import Agent

/// An agent over database servers, and the model of what it reads.
final class Watching {
  let loop: EventLoop
  let agent: Agent
  private(set) var readings: [Int: [Reading]] = [:]
  private(set) var snapshots: [Snapshot] = []
  /// Why the last poll of each source failed; nil where it did not.
  var failures: [Int: ReadFailure] = [:]
  private(set) var everFailed: [ReadFailure] = []
  private var model: ClusterModel

  /// - Parameter primary: the source whose node all others replicate; nil where none does.
  init(_ sources: [Source], replicaOf primary: Int? = nil, interval: Duration = .milliseconds(500)) throws {
    loop = try EventLoop()
    let nodes = sources.enumerated().map { place, source in
      var node = Layout.Node(name: source.node)
      if case .database(let database) = source.endpoint, case .tcp(let host, let port) = database.place {
        node.address = SocketAddress(host: host, port: port)
      }
      if let primary {
        node.role = place == primary ? .primary : .replica
        if place != primary { node.of = sources[primary].node }
      }
      node.endpoints = [source.system: source.endpoint]
      node.via = source.via
      return node
    }
    let layout = Layout(
      cluster: "databases", interval: interval, tiers: [Layout.Tier(name: TierName("db"), nodes: nodes)])
    let plan = PollPlan(for: layout)
    model = ClusterModel(layout: layout)
    agent = Agent(plan: plan, loop: loop)
    agent.onReading = { [unowned self] reading in
      readings[reading.source.index, default: []].append(reading)
      failures[reading.source.index] = reading.failure
      if let failure = reading.failure { everFailed.append(failure) }
    }
    agent.onFrame = { [unowned self] frame in
      _ = model.advance(with: frame)
      snapshots.append(model.snapshot)
    }
    agent.start()
  }

  func statuses(of source: Int) -> [DatabaseStatus] { (readings[source] ?? []).compactMap(\.database) }

  func verdict(_ node: Int) -> Verdict { snapshots.last?.nodes[node].verdict ?? Verdict(.unknown) }

  /// Waits until the first source has been read so often.
  func polls(_ count: Int) throws {
    try loop.run(until: { statuses(of: 0).count >= count })
  }
}

extension Reading {
  var database: DatabaseStatus? {
    if case .sample(.database(let status)) = outcome { status } else { nil }
  }
}

extension ReadFailure {
  var isTimeOut: Bool {
    if case .timedOut = self { true } else { false }
  }
}

/// How many connections to that port of 127.0.0.1 this process has. Other tests of the same process open and close
/// descriptors meanwhile, but none to this port.
func connections(to port: UInt16) -> Int {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
  return names.compactMap { Int32($0) }.count { descriptor in
    var peer = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let known = withUnsafeMutablePointer(to: &peer) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) }
    }
    return known == 0 && peer.sin_family == AF_INET && peer.sin_port == port.bigEndian
  }
}
