import Cluster
import Glibc
import Platform
import TestSupport
import Testing

@testable import Control

/// A reload at the very moment of a change. The configuration knows nothing of drains, so that a new worker
/// begins with everything ready.
@Suite struct ReloadTests {
  @Test func aChangeDuringAReloadIsToldAsItWasForTheWorkerThatTookIt() throws {
    let scratch = try Scratch()
    let loop = try EventLoop()
    let balancer = try Balancer(
      "lb1", in: scratch, backends: "backend web\n  server web1 127.0.0.1:9",
      arguments: ["-W", "-S", scratch.file("master.sock")])
    defer {
      balancer.server.child.send(SIGTERM)
      balancer.server.child.waitUntilExit()
    }
    let web1 = ServerID("web/web1")
    let person = try Operator(of: [balancer], loop: loop)
    let change = person.change(.set(.drain), [web1])
    var counts: [String: Int] = [:]
    for round in 0..<24 {
      // This connection keeps the present worker, so that it can still be asked when it is the old one.
      let old = try Talk(with: balancer.path)
      try old.send("prompt\n")
      _ = try old.read(upTo: "\n> ")
      try old.send("set server web/web1 state ready\n")
      _ = try old.read(upTo: "\n> ")

      // A master that has just begun does not hear of another reload until it listens.
      let master = try Talk(with: scratch.file("master.sock"))
      try master.send("show proc\n")
      _ = try master.read(upTo: "\n\n")
      let pid = try balancer.info("Pid")
      balancer.server.child.send(SIGUSR2)
      // The change comes at another moment of the reload each time.
      usleep(UInt32(round) * 3000)
      let outcome = try person.outcomes(of: change)[0]
      var waited = 0
      while try balancer.info("Pid") == pid {
        usleep(5000)
        waited += 1
        if waited > 2000 { throw TestFailure("no reload: \(try scratch.text("lb1.log"))") }
      }

      try old.send("show servers state web\n")
      let before = try Balancer.standing(of: web1, in: old.read(upTo: "\n\n> "))
      let after = try balancer.standing(of: web1)
      switch outcome {
      case .done:
        counts["done by the \(before.admin == .drain ? "old" : "new") worker", default: 0] += 1
        #expect(before.admin == .drain || after.admin == .drain)
      case .unsent:
        counts["unsent", default: 0] += 1
        #expect(before.admin == .ready && after.admin == .ready)
      case .unknown:
        counts["unknown", default: 0] += 1
      case .refused, .ineffective, nil:
        Issue.record("round \(round): \(String(describing: outcome))")
      }
    }
    print("changes during a reload: \(counts.sorted { $0.key < $1.key })")
  }
}
