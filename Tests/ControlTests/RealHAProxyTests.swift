import Glibc
import Platform
import TestSupport
import Testing

@testable import Cluster
@testable import Control

/// Against two installed HAProxies. What each result says is compared with what they say themselves.
@Suite(.serialized) struct RealHAProxyTests {
  private let scratch: Scratch
  private let loop: EventLoop
  private let pair: [Balancer]

  init() throws {
    scratch = try Scratch()
    loop = try EventLoop()
    let backends = """
      backend web
        server web1 127.0.0.1:9 check inter 1h
        server web2 127.0.0.1:9 weight 10
      backend api
        server web1 127.0.0.1:9
      backend shop
        server web1 127.0.0.1:9
      backend fixed
        balance source
        hash-type map-based
        server web1 127.0.0.1:9
      backend mirror
        server web1 127.0.0.1:9 track web/web1
      """
    let scratch = scratch
    pair = try ["lb1", "lb2"].map { try Balancer($0, in: scratch, backends: backends) }
  }

  private let web1 = ServerID("web/web1")

  private func areDone(_ outcomes: [Int: StepOutcome], of change: Change) -> Bool {
    outcomes.count == change.steps.count && outcomes.values.allSatisfy { $0 == .done }
  }

  @Test func aServerIsDrainedPutIntoMaintenanceAndMadeReadyOnBothLoadBalancers() throws {
    let person = try Operator(of: pair, loop: loop)
    for state in [AdminState.drain, .maint, .ready, .drain, .ready] {
      let change = person.change(.set(state), [web1])
      #expect(areDone(try person.outcomes(of: change), of: change))
      for balancer in pair { #expect(try balancer.standing(of: web1).admin == state) }
    }
  }

  @Test func aWeightIsSet() throws {
    let person = try Operator(of: pair, loop: loop)
    for weight: Int64 in [0, 256, 10] {
      let change = person.change(.weight(weight), [ServerID("web/web2")])
      #expect(areDone(try person.outcomes(of: change), of: change))
      for balancer in pair { #expect(try balancer.standing(of: ServerID("web/web2")).weight == weight) }
    }
  }

  @Test func whatHAProxyDoesNotWantIsRefusedInItsWordsAndTheRestIsDone() throws {
    let person = try Operator(of: [pair[0]], loop: loop)
    let change = Change(
      steps: [
        person.step(.weight(5), ServerID("fixed/web1"), at: 0),
        person.step(.set(.drain), ServerID("web/none"), at: 0),
        person.step(.set(.drain), ServerID("none/web1"), at: 0), person.step(.set(.drain), web1, at: 0),
        person.step(.shutdownSessions, web1, at: 0),
        person.step(.shutdownSessions, ServerID("web/none"), at: 0),
      ], purpose: .wish)
    #expect(
      try person.outcomes(of: change) == [
        0: .refused(
          words: "Backend is using a static LB algorithm and only accepts weights '0%' and '100%'."),
        1: .refused(words: "No such server."), 2: .refused(words: "No such backend."), 3: .done, 4: .done,
        5: .refused(words: "No such server."),
      ])
    #expect(try pair[0].standing(of: web1).admin == .drain)
  }

  @Test func aServerInThreeBackendsIsDrainedInAllOfThem() throws {
    let person = try Operator(of: pair, loop: loop)
    let servers = ["web/web1", "api/web1", "shop/web1"].map { ServerID($0) }
    let change = person.change(.set(.drain), servers)
    #expect(areDone(try person.outcomes(of: change), of: change))
    for balancer in pair {
      for server in servers { #expect(try balancer.standing(of: server).admin == .drain) }
    }
    // And nothing else was.
    #expect(try pair[0].standing(of: ServerID("web/web2")).admin == .ready)
  }

  @Test func aServerThatTracksAnotherFollowsIt() throws {
    let person = try Operator(of: pair, loop: loop)
    let mirror = ServerID("mirror/web1")
    for state in [AdminState.drain, .maint, .ready] {
      let change = Change(
        steps: [0, 1].flatMap {
          [
            person.step(.set(state), web1, at: $0),
            person.step(.set(state), mirror, at: $0, kind: .follow(web1)),
          ]
        }, purpose: .wish)
      #expect(areDone(try person.outcomes(of: change), of: change))
      for balancer in pair { #expect(try balancer.standing(of: mirror).admin == state) }
    }
  }

  @Test func sessionsAreShutDownAsFarAsHAProxySays() throws {
    let person = try Operator(of: pair, loop: loop)
    let change = person.change(.shutdownSessions, [web1])
    #expect(areDone(try person.outcomes(of: change), of: change))
  }

  @Test func eachLoadBalancerIsToldOnOneConnection() throws {
    let person = try Operator(of: pair, loop: loop)
    let before = try pair.map { try $0.info("CumConns") }
    let servers = ["web/web1", "web/web2", "api/web1", "shop/web1"].map { ServerID($0) }
    let change = person.change(.set(.maint), servers)
    #expect(areDone(try person.outcomes(of: change), of: change))
    // One for the change, one for asking how many there were.
    #expect(try pair.map { try $0.info("CumConns") } == before.map { $0 + 2 })
  }

  @Test func aSocketWithoutTheRightRefuses() throws {
    let person = try Operator(of: pair, socket: { $0.path + ".operator" }, loop: loop)
    let change = person.change(.set(.drain), [web1])
    let denied = StepOutcome.refused(words: "Permission denied")
    #expect(try person.outcomes(of: change) == [0: denied, 1: denied])
    #expect(try pair[0].standing(of: web1).admin == .ready)
  }

  @Test func whereOneIsDownTheOtherIsToldAllTheSame() throws {
    let missing = scratch.file("missing.sock")
    pair[1].server.child.send(SIGKILL)
    pair[1].server.child.waitUntilExit()
    let person = try Operator(
      of: [
        (pair[0].name, .unix(path: pair[0].path)), (pair[1].name, .unix(path: pair[1].path)),
        (NodeName("lb3"), .unix(path: missing)),
      ], loop: loop)
    let change = person.change(.set(.drain), [web1])
    #expect(
      try person.outcomes(of: change)
        == [0: .done, 1: .unsent(.refused), 2: .unsent(.missing(path: missing))])
    #expect(try pair[0].standing(of: web1).admin == .drain)
  }

  @Test func oneThatStandsStillIsUnknownAtOnceAndFoundOutWhenItGoesOn() throws {
    let person = try Operator(of: pair, loop: loop, deadline: .milliseconds(200))
    var reports: [BalancerResult] = []
    pair[1].server.child.send(SIGSTOP)
    try person.control.apply(person.change(.set(.drain), [web1])) { reports.append($0) }
    try loop.run(until: { reports.count == 2 })
    #expect(reports[0].outcomes == [0: .done])
    #expect(reports[1].balancer == SourceID(1))
    #expect(
      reports[1].outcomes == [1: .unknown(.timedOut(after: .milliseconds(200), received: 0))])
    pair[1].server.child.send(SIGCONT)
    try loop.run(until: { reports.count == 3 })
    #expect(reports[2].balancer == SourceID(1))
    // HAProxy may answer the later question first, and then says how it is now.
    if reports[2].outcomes != [1: .done] {
      #expect(reports[2].outcomes == [1: .ineffective(Standing(admin: .ready, weight: 1))])
      try loop.run(until: { reports.count == 4 })
      #expect(reports[3].outcomes == [1: .done])
    }
    #expect(try pair[1].standing(of: web1).admin == .drain)
  }

  /// Each of two people wants something else of the same server at the same time, again and again.
  @Test func twoOperatorsAtOnceAreBothToldWhatIsTrue() throws {
    let people = try [0, 1].map { _ in try Operator(of: pair, loop: loop) }
    let wishes = [AdminState.drain, .maint]
    for round in 0..<40 {
      var results: [[SourceID: BalancerResult]] = [[:], [:]]
      for place in round % 2 == 0 ? [0, 1] : [1, 0] {
        try people[place].control.apply(people[place].change(.set(wishes[place]), [web1])) {
          results[place][$0.balancer] = $0
        }
      }
      try loop.run(until: { results.allSatisfy { $0.count == 2 } })
      for (place, balancer) in pair.enumerated() {
        let outcomes = results.map { $0[SourceID(place)]?.outcomes[place] }
        let found = try balancer.standing(of: web1).admin
        // Whoever was last has read back what is so now, and is told so.
        let winner = try #require(wishes.firstIndex(of: found))
        #expect(outcomes[winner] == .done)
        let loser = outcomes[1 - winner]
        #expect(loser == .done || loser == .ineffective(Standing(admin: found, weight: 1)))
      }
    }
  }
}
