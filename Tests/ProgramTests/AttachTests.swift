import Foundation
import Testing

extension ProgramTests {
  /// A dashboard beside a daemon, or beside another dashboard, that records the same cluster.
  @Suite struct AttachTests {
    @Test func whereADaemonRecordsTheDashboardShowsItAndAsksNobody() throws {
      let lab = try SupervisedLab(load: false)
      let memory = try OwnMemory()
      let layout = try memory.layout(of: lab)
      let agent = try RunningAgent([layout], in: memory)
      #expect(memory.hasRecorded(ticks: 5))
      let screen = try TmuxScreen([layout], memory: memory)
      #expect(screen.shows("LIVE", "all is well", "recorded by \(agent.name)"), "\(screen.text)")
      // Each tick of the daemon is one request to each load balancer; there would be two.
      let (asked, ticks) = try (requests(of: lab), memory.ticks().points.count)
      #expect(memory.hasRecorded(ticks: ticks + 15))
      let (askedSince, ticksSince) = try (
        requests(of: lab) - asked, memory.ticks().points.count - ticks
      )
      #expect(askedSince < ticksSince * 3 / 2, "\(askedSince) requests in \(ticksSince) ticks")

      let nginx = try lab.nginx(of: "web1")
      kill(nginx, SIGSTOP)
      #expect(screen.shows("web1 DOWN"), "\(screen.text)")
      kill(nginx, SIGCONT)
      #expect(screen.loses("web1 DOWN"), "\(screen.text)")

      // Both tell the same of it, and the past is there as well.
      screen.press("F5")
      #expect(screen.shows("now down"), "\(screen.text)")
      screen.press("{")
      #expect(screen.shows("REPLAY"), "\(screen.text)")
      #expect(agent.end() == 0)
    }

    @Test func changesAreMadeWhileSomebodyElsePolls() throws {
      let lab = try SupervisedLab(load: false)
      let memory = try OwnMemory()
      let layout = try memory.layout(of: lab)
      let agent = try RunningAgent([layout], in: memory)
      #expect(memory.hasRecorded(ticks: 3))
      let screen = try TmuxScreen([layout], width: 140, height: 40, memory: memory)
      #expect(screen.shows("all is well", "READ-WRITE", "recorded by \(agent.name)"), "\(screen.text)")
      screen.press("2", "d")
      #expect(screen.shows("drain web1 on lb1, lb2?"), "\(screen.text)")
      screen.press("y")
      #expect(screen.shows("done, and read back, on all load balancers", "none left"), "\(screen.text)")
      #expect(lab.admin("web", "web1") == ["drain", "drain"])
      screen.press("Escape")
      #expect(screen.shows("web1  ◌ draining"), "\(screen.text)")
      // Whoever records has seen it too.
      #expect(
        holds {
          let events = (try? EventsAnswer(memory.tiertop(["events", layout, "--json"])))?.events ?? []
          return events.count { $0.kind == "admin" && $0.servers == ["web/web1"] } == 2
        })
      // A wish that a reload forgets is lost here too, and set again by one key.
      kill(lab.process.processIdentifier, SIGUSR1)
      #expect(screen.shows("drain lost on lb1, lb2"), "\(screen.text)")
      screen.press("a", "y")
      #expect(screen.shows("done, and read back"), "\(screen.text)")
      #expect(lab.admin("web", "web1") == ["drain", "drain"])
      screen.press("Escape", "u", "y")
      #expect(screen.shows("READY"), "\(screen.text)")
      #expect(holds { lab.admin("web", "web1") == ["ready", "ready"] })
      #expect(agent.end() == 0)
    }

    @Test func whenTheDaemonIsKilledTheDashboardRecordsUntilItIsBack() throws {
      let lab = try SupervisedLab(load: false)
      let memory = try OwnMemory()
      let layout = try memory.layout(of: lab)
      let first = try RunningAgent([layout], in: memory)
      #expect(memory.hasRecorded(ticks: 5))
      let screen = try TmuxScreen([layout], memory: memory)
      #expect(screen.shows("recorded by \(first.name)"), "\(screen.text)")
      first.end(SIGKILL)
      #expect(screen.shows("recorded here", "\(first.name) has ended", "LIVE"), "\(screen.text)")
      // Whoever looks into the store, and leaves it, takes nothing away from who records.
      var count = try memory.ticks().points.count
      #expect(memory.hasRecorded(ticks: count + 5))

      // One who comes and goes makes room for one who stays.
      let second = try RunningAgent([layout], in: memory)
      #expect(second.says("it is asked to let go"))
      #expect(second.says("message=started"), "\(second.log)")
      #expect(screen.shows("recorded by \(second.name)", "LIVE"), "\(screen.text)")
      count = try memory.ticks().points.count
      #expect(memory.hasRecorded(ticks: count + 5))
      #expect(second.end() == 0)
      #expect(screen.shows("recorded here"), "\(screen.text)")
      screen.press("q")
      #expect(screen.shows("ready$"))

      let ticks = try memory.ticks().points
      #expect(ticks.map(\.at) == ticks.map(\.at).sorted())
      // Whatever is missing, it is said why. Here nothing should be, but a machine may be slow.
      let events = try EventsAnswer(memory.tiertop(["events", layout, "--json"])).events
      let gaps = events.filter { $0.kind == "gap" }
      let holes = zip(ticks, ticks.dropFirst()).filter { seconds($0.at, $1.at) > 1.7 }
      #expect(holes.count <= gaps.count, "\(holes.map(\.0.at)) \(gaps)")
      #expect(!events.contains { $0.kind == "layout" }, "\(events)")
    }

    @Test func whereTheDaemonStandsStillItIsPolledHereUntilItGoesOn() throws {
      let lab = try SupervisedLab(load: false)
      let memory = try OwnMemory()
      let layout = try memory.layout(of: lab)
      let agent = try RunningAgent([layout], in: memory)
      #expect(memory.hasRecorded(ticks: 3))
      let screen = try TmuxScreen([layout], width: 140, height: 40, memory: memory)
      #expect(screen.shows("recorded by \(agent.name)"), "\(screen.text)")
      agent.signal(SIGSTOP)
      #expect(screen.shows("polled here; \(agent.name) records nothing just now"), "\(screen.text)")
      let nginx = try lab.nginx(of: "web2")
      kill(nginx, SIGSTOP)
      #expect(screen.shows("web2 DOWN"), "\(screen.text)")
      kill(nginx, SIGCONT)
      #expect(screen.loses("web2 DOWN"), "\(screen.text)")
      agent.signal(SIGCONT)
      #expect(screen.shows(" recorded by \(agent.name)"), "\(screen.text)")
      #expect(agent.end() == 0)
    }

    @Test func anotherLayoutIsPolledHereAndThatIsSaid() throws {
      let lab = try SupervisedLab(load: false)
      let memory = try OwnMemory()
      let layout = try memory.layout(of: lab)
      let agent = try RunningAgent([layout], in: memory)
      #expect(memory.hasRecorded(ticks: 3))
      let words = "polled here; \(agent.name) records by another layout"
      let screen = try TmuxScreen(["--interval", "500ms", layout], width: 140, height: 40, memory: memory)
      #expect(screen.shows("all is well", words), "\(screen.text)")
      // How it is shown is no other layout.
      let table = try TmuxScreen(["--view", "table", layout], memory: memory)
      #expect(table.shows("all is well", "recorded by \(agent.name)"), "\(table.text)")
      #expect(agent.end() == 0)
    }

    @Test func ofTwoDashboardsOneRecordsAndTheOtherGoesOnWhenItLeaves() throws {
      let lab = try SupervisedLab(load: false)
      let memory = try OwnMemory()
      let layout = try memory.layout(of: lab)
      let one = try TmuxScreen([layout], memory: memory)
      #expect(one.shows("all is well", "recorded here"), "\(one.text)")
      let pid = try #require(one.pid)
      let two = try TmuxScreen(["--read-only", layout], memory: memory)
      #expect(two.shows("all is well", "recorded by dashboard (pid \(pid))"), "\(two.text)")
      // One that stands still for its shell does not keep the other from recording.
      one.press("C-z")
      #expect(two.shows("recorded here"), "\(two.text)")
      one.type("fg")
      one.press("Enter")
      let other = try #require(two.pid)
      #expect(one.shows("recorded by dashboard (pid \(other))"), "\(one.text)")
      two.press("q")
      #expect(one.shows("recorded here", "all is well"), "\(one.text)")
    }

    /// Requests that the first load balancer has taken: without traffic, those of its socket.
    private func requests(of lab: SupervisedLab) throws -> Int {
      let balancer = try #require(lab.balancers.first)
      let line = try balancer.ask("show info").split(separator: "\n").first { $0.hasPrefix("CumReq: ") }
      return try #require(line.flatMap { Int($0.dropFirst(8)) })
    }

    private func seconds(_ start: String, _ end: String) -> TimeInterval {
      func date(_ text: String) -> Date? {
        try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
      }
      guard let start = date(start), let end = date(end) else { return 0 }
      return end.timeIntervalSince(start)
    }
  }
}

extension RunningAgent {
  /// As a dashboard calls it.
  fileprivate var name: String { "agent (pid \(process.processIdentifier))" }
}
