import Cluster
import Testing
import Wire

@Suite struct BalancerRequestTests {
  private static func text(_ change: Change) throws -> String {
    String(decoding: try BalancerRequest(change, to: Changes.balancer).bytes, as: UTF8.self)
  }

  @Test func aShortOneIsOneLineThatEndsWithReadingBackWhatItTouched() throws {
    #expect(
      try Self.text(Changes.line)
        == "set server web/web1 state drain;set server web/web2 weight 5;set server static/s1 weight 5;"
        + "set server web/none state drain;shutdown sessions server web/web1;"
        + "show servers state web;show servers state static;show servers state track\n")
  }

  @Test func aLongOneIsManyLinesEachWellBelowHAProxysBuffer() throws {
    let change = Changes.change((0..<1000).map { Changes.step("backend-\($0 % 3)", "s\($0)", .set(.maint)) })
    let text = try Self.text(change)
    #expect(text.hasPrefix("prompt\nset server backend-0/s0 state maint;"))
    #expect(text.hasSuffix("show servers state backend-2\nquit\n"))
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.utf8.count < 4096 })
    let commands = lines.flatMap { $0.split(separator: ";") }
    let expected =
      ["prompt"] + (0..<1000).map { "set server backend-\($0 % 3)/s\($0) state maint" }
      + (0..<3).map { "show servers state backend-\($0)" } + ["quit"]
    #expect(commands == expected.map { $0[...] })
  }

  @Test func whoFollowsIsOnlyReadBack() throws {
    let web1 = ServerID(backend: "web", server: "web1")
    let change = Changes.change([Changes.step("b", "s", .set(.drain), kind: .follow(web1))])
    #expect(try Self.text(change) == "show servers state b\n")
  }

  @Test func sessionsAreNotReadBack() throws {
    let change = Changes.change([Changes.step("b", "s", .shutdownSessions)])
    #expect(try Self.text(change) == "shutdown sessions server b/s\n")
    #expect(try BalancerRequest(change, to: Changes.balancer).readingBack([0]) == nil)
  }

  @Test func eachLoadBalancerIsToldItsOwnSteps() throws {
    let change = Changes.change([
      Changes.step("b", "s1", .set(.drain)), Changes.step("b", "s1", .set(.drain), at: SourceID(7)),
      Changes.step("b", "s2", .set(.drain), at: SourceID(7)),
    ])
    let requests = try BalancerRequest.all(of: change)
    #expect(requests.map(\.balancer) == [Changes.balancer, SourceID(7)])
    #expect(requests.map(\.places) == [[0], [1, 2]])
  }

  @Test(arguments: [0, 1])
  func oneNameThatCouldMeanMoreAndNothingIsSentToAnybody(place: Int) {
    let evil = ServerID(backend: "b", server: "s;shutdown sessions server b/t")
    var steps = [Changes.step("b", "s", .set(.drain)), Changes.step("b", "t", .set(.drain), at: SourceID(1))]
    steps.insert(Changes.step("b", evil.server, .set(.drain), at: SourceID(place)), at: 0)
    #expect(throws: RuntimeCommand.Invalid.name(evil)) { try BalancerRequest.all(of: Changes.change(steps)) }
  }

  @Test func theNameOfABackendThatIsOnlyReadBackIsLookedAtToo() {
    let steps = [Changes.step("b;c", "s", .set(.drain), kind: .follow(ServerID(backend: "b", server: "t")))]
    #expect(throws: RuntimeCommand.Invalid.self) { try BalancerRequest.all(of: Changes.change(steps)) }
  }

  @Test func aWeightThatNoServerHasIsRefused() {
    let change = Changes.change([Changes.step("b", "s", .weight(257))])
    #expect(throws: RuntimeCommand.Invalid.weight(257)) { try BalancerRequest.all(of: change) }
  }

  @Test func readingBackAsksOnlyForWhatIsAskedFor() throws {
    let request = try BalancerRequest(Changes.line, to: Changes.balancer)
    let again = try #require(request.readingBack([0, 4, 5]))
    #expect(
      String(decoding: again.bytes, as: UTF8.self) == "show servers state web;show servers state track\n")
    #expect(again.places == [0, 5])
  }
}
