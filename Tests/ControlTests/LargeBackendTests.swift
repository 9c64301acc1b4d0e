import Cluster
import Platform
import TestSupport
import Testing

@testable import Control

/// Many servers at once. How long it takes is printed and not asserted.
@Suite(.serialized) struct LargeBackendTests {
  private let scratch: Scratch
  private let loop: EventLoop
  private let pair: [Balancer]

  init() throws {
    scratch = try Scratch()
    loop = try EventLoop()
    let servers = (0..<1000).map { "  server app-server-\($0) 127.0.0.1:9" }
    let backends =
      "backend application\n" + servers.joined(separator: "\n") + "\nbackend small\n  server s1 127.0.0.1:9"
    let scratch = scratch
    pair = try ["lb1", "lb2"].map { try Balancer($0, in: scratch, backends: backends) }
  }

  private func server(_ number: Int) -> ServerID { ServerID("application/app-server-\(number)") }

  @Test func halfOfAThousandServersAreDrainedOnOneConnectionEach() throws {
    let person = try Operator(of: pair, loop: loop)
    let connections = try pair.map { try $0.info("CumConns") }
    let change = person.change(.set(.drain), (0..<500).map { server(2 * $0) })
    let start = loop.now
    let results = try person.results(of: change)
    print("500 of 1000 servers drained on two load balancers in \(loop.now.since(start))")
    #expect(try pair.map { try $0.info("CumConns") } == connections.map { $0 + 2 })
    for (place, balancer) in pair.enumerated() {
      let result = try #require(results[SourceID(place)])
      #expect(result.outcomes.count == 500)
      #expect(result.outcomes.values.allSatisfy { $0 == .done })
      let table = try balancer.answer(to: "show servers state application")
      let drained = table.split(separator: "\n").count { line in
        let fields = line.split(separator: " ")
        return fields.count > 8 && fields[6] == "8"
      }
      #expect(drained == 500)
      #expect(try Balancer.standing(of: server(998), in: table).admin == .drain)
      #expect(try Balancer.standing(of: server(999), in: table).admin == .ready)
    }
  }

  @Test(arguments: ["application/app-server-7", "small/s1"])
  func oneServerAgainAndAgain(server: String) throws {
    let person = try Operator(of: pair, loop: loop)
    var times: [Duration] = []
    for round in 0..<40 {
      let change = person.change(.set(round % 2 == 0 ? .drain : .ready), [ServerID(server)])
      let start = loop.now
      let outcomes = try person.outcomes(of: change)
      times.append(loop.now.since(start))
      #expect(outcomes == [0: .done, 1: .done])
    }
    times.sort()
    print("\(server) on two load balancers: median \(times[20]), longest \(times[39])")
  }
}
