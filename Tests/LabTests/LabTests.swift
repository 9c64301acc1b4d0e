import Cluster
import Foundation
import Platform
import Testing

@testable import Lab

/// The whole demo cluster, with the real programs, on loopback.
@Suite(.serialized) struct LabTests {
  @Test func theDemoServesEveryTierThroughEveryLoadBalancer() throws {
    let running = try RunningLab()
    defer { running.end() }
    let plan = running.plan
    for loadBalancer in plan.loadBalancers {
      let host = loadBalancer.address.host
      let port = loadBalancer.address.port
      #expect(try page("/", at: host, port).text.contains("<h1>www.foobar.com</h1>"))
      #expect(try page("/app/", at: host, port).text.hasPrefix("hello from app"))
      #expect(try page("/nowhere", at: host, port).status == 404)
      #expect(try page("/app/missing", at: host, port).status == 404)
      #expect(try page("/app/error", at: host, port).status == 500)
      #expect(try figure("hrsp_4xx", of: "FRONTEND", in: "www", at: loadBalancer.socket) == 2)
      #expect(try figure("hrsp_5xx", of: "BACKEND", in: "web", at: loadBalancer.socket) == 1)
    }
    // All application traffic passed the load balancers too, whichever of them it was.
    let counted = try plan.loadBalancers.compactMap {
      try figure("hrsp_5xx", of: "BACKEND", in: "app", at: $0.socket)
    }
    #expect(counted.reduce(0, +) == plan.loadBalancers.count)
    for server in plan.services[0].servers {
      let status = try #require(server.status)
      #expect(try page("/nginx_status", at: status.host, status.port).text.hasPrefix("Active connections:"))
    }
  }

  @Test func theSharedAddressReachesBothLoadBalancers() throws {
    let running = try RunningLab()
    defer { running.end() }
    let entry = running.plan.entry
    // The kernel chooses by the client's port: after so many connections all have had some.
    var asked = 0
    let isSpread = try running.goesOn {
      #expect(try page("/", at: entry.host, entry.port).status == 200)
      asked += 1
      return try running.plan.loadBalancers.allSatisfy {
        try figure("req_tot", of: "FRONTEND", in: "www", at: $0.socket) ?? 0 > 1
      }
    }
    #expect(isSpread, "after \(asked) requests")
  }

  @Test func theLoadReachesAllNodesAndSomeOfItFails() throws {
    let running = try RunningLab(load: Load(rate: 300))
    defer { running.end() }
    let plan = running.plan
    let isBusy = try running.goesOn {
      try plan.services.allSatisfy { service in
        try service.servers.allSatisfy { server in
          try plan.loadBalancers.allSatisfy {
            try figure("req_tot", of: server.name, in: service.tier, at: $0.socket) ?? 0 > 0
          }
        }
      }
    }
    #expect(isBusy)
    let hasMissing = try running.goesOn {
      try plan.loadBalancers.contains {
        try figure("hrsp_4xx", of: "FRONTEND", in: "www", at: $0.socket) ?? 0 > 0
      }
    }
    #expect(hasMissing)
  }

  @Test func theLoadEndsByItself() throws {
    let running = try RunningLab(load: Load(rate: 50, limit: .seconds(1)))
    defer { running.end() }
    #expect(try running.goesOn { running.notes.contains { $0.contains("the load has ended") } })
  }

  @Test func twoLabsStandSideBySide() throws {
    let one = try RunningLab()
    defer { one.end() }
    let other = try RunningLab()
    defer { other.end() }
    #expect(one.plan.entry.host != other.plan.entry.host)
    #expect(one.directory != other.directory)
    for running in [one, other] {
      let entry = running.plan.entry
      #expect(try page("/app/", at: entry.host, entry.port).status == 200)
    }
    // The first one's traffic is none of the other's.
    let own = one.plan.loadBalancers[0]
    #expect(try page("/", at: own.address.host, own.address.port).status == 200)
    #expect(try page("/nowhere", at: own.address.host, own.address.port).status == 404)
    for loadBalancer in other.plan.loadBalancers {
      #expect(try figure("hrsp_4xx", of: "FRONTEND", in: "www", at: loadBalancer.socket) == 0)
    }
  }

  @Test func nothingIsLeftOfALabThatEnded() throws {
    let running = try RunningLab(load: Load())
    let path = running.directory.path
    #expect(!processes(with: path).isEmpty)
    var state = stat()
    #expect(stat(path, &state) == 0 && state.st_mode & 0o777 == 0o700)
    running.end()
    #expect(becomesTrue { processes(with: path).isEmpty })
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func aReloadLosesNothingAndStartsTheCountersAgain() throws {
    let running = try RunningLab()
    defer { running.end() }
    let loadBalancer = running.plan.loadBalancers[0]
    let before = try answer(to: "show info\n", at: .unix(loadBalancer.socket))
    running.lab.reload()
    let host = loadBalancer.address.host
    let isNew = try running.goesOn {
      #expect(try page("/", at: host, loadBalancer.address.port).status == 200)
      return try pid(in: answer(to: "show info\n", at: .unix(loadBalancer.socket))) != pid(in: before)
    }
    #expect(isNew)
    #expect(running.notes == ["lb1 reloads", "lb2 reloads"])
  }

  @Test func reloadsThatAreAskedForAtOnceWaitForEachOther() throws {
    let running = try RunningLab()
    defer { running.end() }
    let loadBalancer = running.plan.loadBalancers[0]
    let before = try answer(to: "show info\n", at: .unix(loadBalancer.socket))
    for _ in 0..<5 { running.lab.reload() }
    func balancers() -> [Int] {
      ["lb1", "lb2"].map { processes(with: "\(running.directory.path)/\($0)/haproxy.cfg").count }
    }
    // The one that has begun, and one for all that were asked for meanwhile.
    let isOver = try running.goesOn {
      let first = try pid(in: answer(to: "show info\n", at: .unix(loadBalancer.socket)))
      return running.notes.count == 4 && first != pid(in: before) && balancers() == [1, 1]
    }
    #expect(isOver, "\(running.notes) \(balancers())")
    #expect(running.notes.sorted() == ["lb1 reloads", "lb1 reloads", "lb2 reloads", "lb2 reloads"])
    // Who answers is always the same: there are no two of them.
    let after = try answer(to: "show info\n", at: .unix(loadBalancer.socket))
    for _ in 0..<50 {
      #expect(try pid(in: answer(to: "show info\n", at: .unix(loadBalancer.socket))) == pid(in: after))
    }
    // It goes on so with the next.
    running.lab.reload()
    #expect(try running.goesOn { running.notes.count == 6 })
  }

  private func pid(in info: String) -> Substring? {
    info.split(separator: "\n").first { $0.hasPrefix("Pid:") }
  }

  @Test func aProgramThatDiesIsNoted() throws {
    let running = try RunningLab()
    defer { running.end() }
    let path = running.directory.path + "/web1/nginx.pid"
    let pid = try #require(
      Int32(String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .newlines)))
    kill(pid, SIGKILL)
    #expect(try running.goesOn { !running.notes.isEmpty })
    #expect(running.notes == ["web1 was ended by signal 9; it is started again in 10 s"])
  }

  @Test func aProgramThatIsNotInstalledIsNamedBeforeAnythingIsStarted() throws {
    let directory = try LabDirectory.make(environment: [:])
    let sweeper = try Sweeper(of: directory)
    defer { sweeper.sweep() }
    let plan = try LabPlan(layout: demoLayout(), network: LabNetwork(a: 77, b: 7), directory: directory.path)
    let empty = ProgramSearch(directories: [directory.path])
    let lab = Lab(plan: plan, directory: directory, load: nil, search: empty, loop: try EventLoop()) { _ in }
    #expect(throws: LabError.missingProgram("nginx")) { try lab.start() }
    #expect(LabError.missingProgram("nginx").description.contains("apt install nginx"))
  }

  @Test func whatAProgramSaidBeforeItEndedIsTold() throws {
    let directory = try LabDirectory.make(environment: [:])
    let sweeper = try Sweeper(of: directory)
    defer { sweeper.sweep() }
    let loop = try EventLoop()
    // 255.1.2.x is no address of this machine: nothing can listen there.
    var plan = try LabPlan(layout: demoLayout(), network: LabNetwork(a: 77, b: 7), directory: directory.path)
    plan.services[0].servers[0].address.host = "255.1.2.3"
    var failure: LabError?
    let lab = Lab(
      plan: plan, directory: directory, load: nil, search: ProgramSearch(path: nil), loop: loop
    ) { event in
      if case .failed(let error) = event { failure = error }
    }
    defer { lab.stop() }
    try lab.start(within: .seconds(60))
    while failure == nil { try loop.runOnce() }
    let words = try #require(failure).description
    #expect(words.hasPrefix("web1 ended with status 1 before the cluster served; it said:"))
    #expect(words.contains("255.1.2.3"))
  }
}
