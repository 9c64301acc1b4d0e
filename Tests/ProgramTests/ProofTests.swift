import Foundation
import Testing

extension ProgramTests {
  /// What the dashboard says of a site is what is so, and soon: real faults on a real site with real traffic.
  ///
  /// One site stands for all of them, since each leaves it as it was.
  @Suite(.serialized) struct ProofTests {
    private static let address = "10.77.1.100"
    /// Of the demo.
    private static let interval = 1.0

    nonisolated(unsafe) fileprivate static var shared: (watch: WatchedSite, prober: Prober)?

    private let watch: WatchedSite
    private let prober: Prober

    init() throws {
      if Self.shared == nil {
        // A lag of a second is one: nobody waits for ten.
        let watch = try WatchedSite { $0.replacingOccurrences(of: "lag: 10s", with: "lag: 1s") }
        Self.shared = (watch, try Prober(of: Self.address, in: watch.site))
        // Where not all of these tests are run, or the last of them does not come that far.
        atexit { ProofTests.shared = nil }
      }
      (watch, prober) = try #require(Self.shared)
      // What one of them has left behind is not the next one's trouble.
      _ = try watch.heal()
      #expect(watch.isCalm(), "\(watch.screen.text)")
    }

    /// What was seen by the machine's own lateness later than it could have been.
    private func lateness(from start: Double, to end: Double) -> Double {
      2 * prober.lost(from: start, to: end)
    }

    @Test func whenALoadBalancerDiesTheMoveOfTheAddressIsSeenAtOnceWithTheLengthOfTheGap() throws {
      let start = Date().timeIntervalSince1970
      let played = try watch.play("lb1 kill")
      let silent = try watch.event(of: Self.address, ["down", "nobody answers there"], since: start)
      let moved = try watch.event(of: Self.address, ["moved from lb1 to lb2"], since: start)
      let (gap, stall) = prober.gap(from: start - 1, to: moved.seconds + 0.3)
      let late = lateness(from: start, to: moved.seconds)
      #expect(silent.seconds - played <= 1 + late, "seen \(silent.seconds - played) s after the fault")
      let words = try #require(moved.words.firstMatch(of: /nobody answered for ([0-9.]+)s/)?.output.1)
      let said = try #require(Double(words))
      print("failover: silent after \(silent.seconds - played) s, moved after \(moved.seconds - played) s,")
      print("  gap \(said) s, \(gap) s by the prober, which was \(stall) s late at most")
      #expect(gap > 0.1 && abs(said - gap) <= 0.1 + stall, "\(said) s, and \(gap) s by the prober")
      // It is told when it is over, which is when it can be measured.
      let lasted = moved.seconds - silent.seconds
      #expect(lasted <= gap + 0.5 + late, "\(lasted)")
      let lost = try watch.event(of: "lb1", ["HAProxy does not answer: connection refused"], since: start)
      #expect(lost.seconds - played <= 2 * Self.interval + late)
      _ = try watch.event(of: "lb1", ["degraded", "keepalived is in FAULT"], since: start)
      #expect(watch.screen.shows("moved from lb1 to lb2", "lb2 up MASTER", "on lb2"), "\(watch.screen.text)")

      let healed = try watch.heal()
      let back = try watch.event(of: Self.address, ["moved from lb2 to lb1"], since: healed - 0.2)
      // HAProxy starts, its watcher sees it twice, and keepalived takes the address back.
      #expect(back.seconds - healed <= 2 * Self.interval + lateness(from: healed, to: back.seconds))
      let up = try watch.event(of: "lb1", ["up", "now up"], since: healed - 0.2)
      #expect(up.seconds - healed <= 3 * Self.interval + lateness(from: healed, to: up.seconds))
      #expect(watch.isCalm(), "\(watch.screen.text)")
      #expect(watch.screen.shows("lb1 up MASTER", "lb2 up BACKUP"), "\(watch.screen.text)")
    }

    /// What may be played, by what it is known, and by what is known that it is over.
    struct Fault: CustomTestStringConvertible, Sendable {
      var words: String
      var signs: [Sign]
      /// What is on the screen meanwhile, beside these events.
      var shows: [String] = []
      var hides = ""
      var ends: [Sign]
      var testDescription: String { words }

      /// An event of a node with words in it, two intervals after what was done at most; and what those need
      /// besides who measure for the dashboard.
      struct Sign: Sendable {
        var node: String
        var words: [String]
        var besides = 0.0
      }
    }

    /// HAProxy asks a server each second; it takes a second at most to call that in vain, asks again after 0.3 s, and
    /// gives it up after the second time. Two good answers, a second apart, bring it back.
    private static let (check, down, back) = (2.0, 3.3, 2.0)
    /// Paths are tried at the beginning of every fifth interval, and what comes of that is told before it ends: six
    /// intervals from just after one was found open.
    private static let path = 4 * interval

    static let faults = [
      Fault(
        words: "web1 kill",
        signs: [
          .init(node: "web1", words: ["source_lost", "Nginx does not answer: connection refused"]),
          .init(node: "web1", words: ["down", "L4CON"], besides: 1.3),
        ], ends: [.init(node: "web1", words: ["up", "now up"], besides: back)]),
      Fault(
        words: "app1 hang",
        signs: [
          .init(node: "app1", words: ["degraded", "its health check fails"], besides: check),
          .init(node: "app1", words: ["down", "answer timed out (L7TOUT)"], besides: down),
        ], ends: [.init(node: "app1", words: ["up", "now up"], besides: back)]),
      Fault(
        // A check that is under way when the link returns is lost, and the one after it may be too.
        words: "web2 cut",
        signs: [
          .init(node: "web2", words: ["degraded", "its health check fails"], besides: check),
          .init(node: "web2", words: ["down", "connection timed out (L4TOUT)"], besides: down),
        ], ends: [.init(node: "web2", words: ["up", "now up"], besides: back + 1.5)]),
      Fault(
        words: "web1 errors 60%",
        signs: [.init(node: "web1", words: ["degraded", "errors ", "> 5 %"])],
        // That it is over takes as many good answers as would have had five bad ones among them, and where fewer come
        // until then, the ten seconds of which errors are counted.
        ends: [.init(node: "web1", words: ["up", "now up"], besides: 10)]),
      Fault(
        words: "web1 loss 40%",
        signs: [.init(node: "web1", words: ["degraded"], besides: check)],
        ends: [.init(node: "web1", words: ["up", "now up"], besides: back)]),
      Fault(
        words: "lb2 split-brain",
        signs: [.init(node: address, words: ["degraded", "split brain: lb1 and lb2 both hold it"])],
        ends: [.init(node: address, words: ["up", "now up"])]),
      Fault(
        words: "db2 stop-replication",
        signs: [.init(node: "db2", words: ["degraded", "replication is stopped"])],
        // Not known, and not 0.
        shows: ["db2 DEGRADED  replication is stopped", "     - lag"], hides: "0.0s lag",
        ends: [.init(node: "db2", words: ["up", "now up"])]),
      // A lag grows by a second in each.
      Fault(
        words: "db2 lag 30s", signs: [.init(node: "db2", words: ["behind its primary > 1s"], besides: 2)],
        shows: ["behind its primary > 1s", "s lag"], hides: "0.0s lag",
        ends: [.init(node: "db2", words: ["up", "now up"])]),
      Fault(
        words: "db1 kill",
        signs: [
          .init(node: "db1", words: ["down", "connection refused: nothing listens there"]),
          .init(node: "db2", words: ["degraded", "it cannot connect to its primary"], besides: 1),
        ],
        shows: ["db1 DOWN", "connection refused: nothing listens there", "db1 down"],
        // It recovers, and its replica tries again each second.
        ends: [
          .init(node: "db1", words: ["up", "was down, now up"], besides: 2),
          .init(node: "db2", words: ["up", "now up"], besides: 4),
        ]),
    ]

    @Test(arguments: faults)
    func whatIsPlayedIsSeenWithinTwoIntervalsAndThatItIsOverToo(fault: Fault) throws {
      let (start, played) = try play(fault.words, startsAnew: fault.words.contains("errors") ? "web1" : nil)
      for sign in fault.signs { try expect(sign, after: played, since: start, of: fault) }
      #expect(
        holds {
          let text = watch.screen.text
          return fault.shows.allSatisfy { text.contains($0) }
            && (fault.hides.isEmpty || !text.contains(fault.hides))
        }, "\(watch.screen.text)")
      let healing = Date().timeIntervalSince1970
      let healed = try watch.heal()
      for sign in fault.ends { try expect(sign, after: healed, since: healing, of: fault) }
    }

    @Test func aSlowNodeIsShownToBeWhereTheTimeGoes() throws {
      let (start, played) = try play("web1 slow 300ms", startsAnew: "web1")
      let event = try watch.event(
        of: "web1", ["degraded", "latency avg ", "the others like it"], since: start)
      let late = lateness(from: start, to: event.seconds)
      print("slow: \(event.words) after \(event.seconds - played) s")
      // Its first slow answers come after 0.3 s; a part of an interval tells little.
      #expect(event.seconds - played <= 2 * Self.interval + 0.3 + late, "\(event.words)")
      let figures = try #require(
        event.words.firstMatch(of: /avg ([0-9]+) ms, the others like it <?([0-9]+)(\.[0-9]+)? ms/))
      #expect((150...900).contains(Int(figures.output.1) ?? 0) && Int(figures.output.2) ?? 999 < 100)
      // The figure is in its box, and at the top of the screen it is named; of the other one all is well.
      #expect(watch.screen.shows("web1 DEGRADED", "▲ web1 degraded", "● web2 up"), "\(watch.screen.text)")
      let healing = Date().timeIntervalSince1970
      let healed = try watch.heal()
      let end = try watch.event(of: "web1", ["up", "now up"], since: healing)
      #expect(end.seconds - healed <= 2 * Self.interval + 0.3 + lateness(from: healing, to: end.seconds))

      // The application that is slow makes the web servers slow, and is named all the same.
      let (second, _) = try play("app2 slow 700ms", startsAnew: "app2")
      _ = try watch.event(of: "app2", ["degraded", "latency avg "], since: second)
      #expect(watch.screen.shows("app2 degraded"), "\(watch.screen.text)")
      _ = try watch.heal()
    }

    @Test func aRuleThatIsGoneClosesAPathAndOneTooManyOpensOneAndBothAreNamed() throws {
      func rule(_ words: String) throws -> Double {
        let words = words.split(separator: " ").map(String.init)
        let outcome = try watch.site.run(in: "router", ["/usr/sbin/nft"] + words)
        #expect(outcome.status == 0, "\(outcome.output)")
        return Date().timeIntervalSince1970
      }
      // Connections that stand go on: it is the next one that is not let through.
      let start = Date().timeIntervalSince1970
      let closed = try rule("insert rule inet tiertop app_db drop")
      let event = try watch.event(
        of: "app>db", ["degraded", "closed: app1 does not reach db", "at 10.77.4.1", ":3306: no answer"],
        since: start)
      #expect(
        event.seconds - closed <= 2 * Self.interval + Self.path + lateness(from: start, to: event.seconds))
      #expect(watch.screen.shows("app>db DEGRADED", "closed: app1 does not reach db"), "\(watch.screen.text)")
      let healing = Date().timeIntervalSince1970
      let handles = try watch.site.run(
        in: "router", ["/usr/sbin/nft", "-a", "list", "chain", "inet", "tiertop", "app_db"])
      let handle = try #require(handles.output.firstMatch(of: /\n\s*drop # handle ([0-9]+)/)?.output.1)
      let opened = try rule("delete rule inet tiertop app_db handle \(handle)")
      let end = try watch.event(of: "app>db", ["up", "now up"], since: healing)
      #expect(
        end.seconds - opened <= 2 * Self.interval + Self.path + lateness(from: healing, to: end.seconds))

      let second = Date().timeIntervalSince1970
      let hole = try rule("insert rule inet tiertop forward tcp dport 3306 accept")
      let open = try watch.event(
        of: "web>db", ["degraded", "open: web1 reaches db1 at 10.77.4.11:3306, and should not"], since: second
      )
      #expect(open.seconds - hole <= 2 * Self.interval + Self.path + lateness(from: second, to: open.seconds))
      #expect(watch.screen.shows("and should not"), "\(watch.screen.text)")
      let rules = try watch.site.run(
        in: "router", ["/usr/sbin/nft", "-a", "list", "chain", "inet", "tiertop", "forward"])
      let extra = try #require(
        rules.output.firstMatch(of: /tcp dport 3306 accept # handle ([0-9]+)/)?.output.1)
      let closing = Date().timeIntervalSince1970
      _ = try rule("delete rule inet tiertop forward handle \(extra)")
      _ = try watch.event(of: "web>db", ["up", "now up"], since: closing)
    }

    @Test func aDrainUnderLoadLosesNoRequest() throws {
      let visitor = try SteadyVisitor(of: Self.address, in: watch.site)
      usleep(500_000)
      let start = Date().timeIntervalSince1970
      let drained = try watch.memory.tiertop(["drain", "web1", watch.layout, "--yes", "--wait"])
      #expect(drained.status == 0, "\(drained.output)\(drained.errors)")
      for balancer in ["lb1", "lb2"] {
        let states = try adminStates(of: "web", at: "\(watch.site.directory)/\(balancer).sock")
        #expect(states.map(\.state) == ["drain", "ready"])
      }
      _ = try watch.event(of: "web1", ["draining"], since: start)
      #expect(watch.screen.shows("web1 draining"), "\(watch.screen.text)")
      // The load goes on, on the other one alone.
      #expect(holds { watch.screen.text.contains(/│ +0\/s err +(-|0 %) │/) }, "\(watch.screen.text)")
      let ready = try watch.memory.tiertop(["ready", "web1", watch.layout, "--yes"])
      #expect(ready.status == 0, "\(ready.output)\(ready.errors)")
      _ = try watch.event(of: "web1", ["up", "was draining"], since: start)
      let visit = try visitor.end()
      print("drain: \(visit.asked) requests, \(visit.failures.count) failed")
      #expect(visit.asked > 50 && visit.failures.isEmpty, "\(visit.failures)")
    }

    /// The last one: who comes later has a site of his own, and the machine for himself.
    @Test func afterAllThatTheSiteIsCalmAndGoesWithItsOwner() throws {
      #expect(watch.isCalm(), "\(watch.screen.text)")
      Self.shared = nil
      try watch.site.letGo()
      #expect(watch.site.isGone())
    }

    /// Plays something, and returns when that was begun, and done.
    ///
    /// - Parameter node: a server that may be started anew for that. Where a check of HAProxy's comes just then, it is
    ///   degraded by that first, and there is no event of a second reason: it is played again.
    private func play(_ words: String, startsAnew node: String?) throws -> (start: Double, played: Double) {
      for _ in 0..<5 {
        let start = Date().timeIntervalSince1970
        let played = try watch.play(words)
        guard let node else { return (start, played) }
        let first = try watch.event(of: node, ["degraded"], since: start)
        if !first.words.contains("its health check fails") { return (start, played) }
        _ = try watch.heal()
        #expect(watch.isCalm(), "\(watch.screen.text)")
      }
      throw NoQuietMoment()
    }

    /// A check came each time.
    private struct NoQuietMoment: Error {}

    private func expect(_ sign: Fault.Sign, after done: Double, since start: Double, of fault: Fault) throws {
      let event = try watch.event(of: sign.node, sign.words, since: start)
      let late = lateness(from: start, to: event.seconds)
      let took = event.seconds - done
      print("\(fault.words): \(sign.node) \(event.words) after \(took) s, the machine \(late) s late at most")
      #expect(took <= 2 * Self.interval + sign.besides + late, "\(fault.words): \(event.words)")
    }
  }
}
