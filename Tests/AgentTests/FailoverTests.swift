import CSystem
import Cluster
import Foundation
import Glibc
import Platform
import TestSupport
import Testing

@testable import Agent

/// Two load balancers with keepalived and HAProxy, a client between them, and one virtual address.
@Suite(.serialized, .enabled(if: TestNetwork.isPossible, "\(TestNetwork.reason)"))
struct FailoverTests {
  private let scratch: Scratch
  private let client: TestNetwork
  private let balancers: [Balancer]

  private struct Balancer {
    let name: String
    let network: TestNetwork
    let haproxy: ChildProcess
    let keepalived: ChildProcess
  }

  private static let address = "10.77.1.100"
  private static let port: UInt16 = 9999

  init() throws {
    scratch = try Scratch()
    client = try TestNetwork()
    try client.run("ip", ["link", "add", "br0", "type", "bridge"])
    try client.run("ip", ["address", "add", "10.77.1.1/24", "dev", "br0"])
    try client.run("ip", ["link", "set", "br0", "up"])
    balancers = try ["lb1", "lb2"].enumerated().map { [scratch, client] place, name in
      try Self.balancer(name, place: place, at: client, in: scratch)
    }
  }

  private static func balancer(
    _ name: String, place: Int, at client: TestNetwork, in scratch: Scratch
  ) throws -> Balancer {
    let network = try TestNetwork()
    try client.connect(name, nil, to: network, "eth0", "10.77.1.1\(place + 1)/24")
    try client.run("ip", ["link", "set", name, "master", "br0"])
    try FileManager.default.createDirectory(
      atPath: scratch.file(name), withIntermediateDirectories: true)
    try scratch.write(
      """
      global
        node \(name)
        stats socket \(scratch.file("\(name)/admin.sock")) level admin
        stats socket ipv4@0.0.0.0:\(port) level user
      defaults
        mode http
        timeout client 1s
        timeout connect 1s
        timeout server 1s
      frontend www
        bind :80
      """, to: "\(name)/haproxy.cfg")
    let haproxy = try network.start(
      "haproxy", ["-db", "-f", scratch.file("\(name)/haproxy.cfg")], log: scratch.file("\(name)/haproxy.log"))
    // What a real machine does, as the README says it.
    try scratch.write(
      """
      #!/bin/sh
      trap '' TERM HUP
      while read -r line; do
        echo "$(date +%s.%N) $line" >>\(scratch.file("\(name)/notify"))
      done <"$1"
      """, to: "\(name)/notify.sh")
    guard chmod(scratch.file("\(name)/notify.sh"), 0o700) == 0 else { throw TestFailure("chmod") }
    try scratch.write(
      """
      global_defs {
        router_id \(name)
        script_user root
        vrrp_version 3
        vrrp_notify_fifo \(scratch.file("\(name)/fifo"))
        vrrp_notify_fifo_script \(scratch.file("\(name)/notify.sh"))
      }
      vrrp_script haproxy {
        script "/bin/kill -0 \(haproxy.pid)"
        interval 1
        fall 1
        rise 1
      }
      vrrp_instance VI_1 {
        state BACKUP
        interface eth0
        virtual_router_id 51
        priority \(110 - 10 * place)
        advert_int 0.1
        virtual_ipaddress {
          \(address)/24
        }
        track_script {
          haproxy
        }
      }
      """, to: "\(name)/keepalived.conf")
    let keepalived = try network.start(
      "keepalived",
      [
        "--vrrp", "-n", "-l", "-f", scratch.file("\(name)/keepalived.conf"), "-p",
        scratch.file("\(name)/keepalived.pid"), "-r", scratch.file("\(name)/vrrp.pid"),
      ], log: scratch.file("\(name)/keepalived.log"))
    return Balancer(name: name, network: network, haproxy: haproxy, keepalived: keepalived)
  }

  private var layout: Layout {
    let inside = Passage.namespace(path: client.path)
    return Layout(
      cluster: "www", interval: .seconds(1),
      entry: Layout.Entry(vips: [Self.address], probe: Self.port, via: inside),
      tiers: [
        Layout.Tier(
          name: TierName("lb"),
          nodes: balancers.map {
            Layout.Node(
              name: NodeName($0.name), haproxy: .unix(path: scratch.file("\($0.name)/admin.sock")),
              endpoints: [.keepalived: .directory(path: scratch.file($0.name))])
          })
      ])
  }

  /// Watches the cluster while one of the programs of the address's holder is ended.
  private func failover(endingOneWith end: (Balancer) -> Void) throws -> (
    Event, OtherProber.Measured, Duration
  ) {
    let loop = try EventLoop()
    var model = ClusterModel(layout: layout)
    var moves: [Event] = []
    let agent = Agent(plan: PollPlan(for: layout), loop: loop)
    agent.onFrame = { frame in
      for event in model.advance(with: frame) {
        if case .moved = event.change { moves.append(event) }
      }
    }
    agent.start()
    func report() -> AddressReport? {
      model.snapshot.nodes.lazy.compactMap(\.virtualAddress).first
    }
    try loop.run(until: { report()?.holders == [NodeName("lb1")] && report()?.probed?.answers == true })
    try scratch.write(OtherProber.script, to: "prober.py")
    let prober = try client.start(
      "python3", [scratch.file("prober.py"), Self.address, String(Self.port), scratch.file("gap")],
      log: scratch.file("prober.log"))
    try loop.run(until: { FileManager.default.fileExists(atPath: scratch.file("gap.begun")) })
    let lateness = Lateness(of: loop)
    let tries = report()?.probed?.tries ?? 0
    try loop.run(until: { (report()?.probed?.tries ?? 0) > tries + 10 })
    moves = []
    let began = loop.now
    end(balancers[0])
    try loop.run(until: { !moves.isEmpty })
    let took = loop.now.since(began)
    #expect(report()?.holders == [NodeName("lb2")])
    prober.send(SIGTERM)
    prober.waitUntilExit()
    agent.stop()
    let measured = try #require(OtherProber.Measured(try scratch.text("gap"), lateness))
    return (try #require(moves.first), measured, took)
  }

  private func check(_ result: (event: Event, measured: OtherProber.Measured, took: Duration)) {
    guard case .moved(let from, let to, let gap) = result.event.change else { return }
    #expect(from == NodeName("lb1") && to == NodeName("lb2"))
    let own = gap?.seconds ?? -1
    print("gap: \(own) s, measured \(result.measured), seen after \(result.took)")
    #expect(
      abs(own - result.measured.gap) <= 0.1 + result.measured.uncertainty, "\(own) s, \(result.measured)")
  }

  @Test func theAddressMovesWhereItsHAProxyIsKilled() throws {
    check(
      try failover {
        $0.haproxy.send(SIGKILL); $0.haproxy.waitUntilExit()
      })
  }

  @Test func theAddressMovesWhereItsKeepalivedEnds() throws {
    check(try failover { $0.keepalived.send(SIGTERM) })
  }
}
