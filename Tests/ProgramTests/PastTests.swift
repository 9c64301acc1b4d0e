import Foundation
import Testing

extension ProgramTests {
  /// What was recorded, read from the shell.
  @Suite struct PastTests {
    @Test func aServerThatHangsIsAnIncidentWithItsNodesAndItsEvents() throws {
      let lab = try SupervisedLab()
      let memory = try OwnMemory()
      // Only what does not answer is in trouble: the requests that it held up weigh on averages for long.
      let layout = try memory.layout(of: lab) { text in
        [
          ("error_rate: 0.05", "error_rate: 1"), ("latency: 1s", "latency: 60s"),
          ("latency: 500ms", "latency: 60s"),
          ("queue: 10", "queue: 100000"), ("sessions: 0.9", "sessions: 1"),
        ]
        .reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
      }
      let agent = try RunningAgent([layout], in: memory)
      #expect(holds { (try? memory.ticks(of: "web1").points.contains { $0.qps != nil }) == true })
      let nginx = try lab.nginx(of: "web1")
      kill(nginx, SIGSTOP)
      #expect(agent.says("message=health", "node=web1", "to=down", "L7TOUT"), "\(agent.log)")
      #expect(agent.says("message=\"source lost\"", "node=web1", "source=nginx"))
      let open = try IncidentsAnswer(memory.tiertop(["incidents", layout, "--json"])).incidents
      #expect(open.count == 1)
      #expect(open.first?.end == nil)
      kill(nginx, SIGCONT)
      #expect(agent.says("message=health", "node=web1", "to=up"))
      #expect(agent.says("message=\"source back\"", "node=web1"))
      // All has to be well for ten seconds.
      var found: IncidentsAnswer?
      #expect(
        holds {
          found = try? IncidentsAnswer(memory.tiertop(["incidents", layout, "--json"]))
          return found?.incidents.first?.end != nil
        })
      let incidents = try #require(found?.incidents)
      #expect(incidents.count == 1, "\(incidents)")
      #expect(incidents[0].nodes.first == "web1")
      #expect(incidents[0].worst == "down")
      #expect(incidents[0].start == open.first?.start)
      #expect(incidents[0].lastedS > 0 && incidents[0].events > 0)

      // Also while it goes on, of a part, and without the layout.
      let part = try memory.tiertop([
        "events", "--store", memory.store(), "--since", incidents[0].start, "--until", "now", "--json",
      ])
      let events = try EventsAnswer(part)
      #expect(events.version == 1 && events.cluster == "demo")
      #expect(events.events.map(\.at) == events.events.map(\.at).sorted())
      let down = try #require(events.events.first { $0.kind == "down" })
      #expect(down.node == "web1" && down.to == "down" && down.words.contains("L7TOUT"))
      let text = try memory.tiertop(["events", layout], environment: ["TZ": "UTC"]).output
      #expect(text.split(separator: "\n").contains { $0.contains("web1") && $0.contains("now down") })
      #expect(text.hasPrefix(String(events.since.prefix(10))))
      let list = try memory.tiertop(["incidents", layout]).output
      #expect(list.hasPrefix("START") && list.contains("web1") && list.contains(" down "), "\(list)")
      #expect(agent.end() == 0)

      try expectFigures(layout, memory)
    }

    private func expectFigures(_ layout: String, _ memory: OwnMemory) throws {
      let web = try HistoryAnswer(memory.tiertop(["history", "web", layout, "--json"]))
      #expect(web.by == "tick" && web.of == "tier" && web.name == "web" && web.cluster == "demo")
      #expect(web.points.contains { ($0.qps?.mean ?? 0) > 0 && ($0.latencyAvgMs?.mean ?? 0) > 0 })
      let cluster = try HistoryAnswer(
        memory.tiertop(["history", "cluster", layout, "--metric", "qps,sessions", "--json"]))
      #expect(cluster.of == "cluster" && cluster.name == nil)
      #expect(cluster.points.allSatisfy { $0.latencyAvgMs == nil && $0.errorRate == nil })
      let csv = try memory.tiertop(["history", "web2", layout, "--metric", "errors", "--csv"]).output
      #expect(csv.hasPrefix("time,error_rate_min,error_rate_mean,error_rate_max\n"))
      let text = try memory.tiertop(["history", "web2", layout]).output
      #expect(text.hasPrefix("TIME"))
      let unknown = try memory.tiertop(["history", "wbe2", layout])
      #expect(unknown.status == 2 && unknown.errors.contains("did you mean web2?"), "\(unknown.errors)")
      // Before anything was recorded there is nothing, which is no mistake.
      let early = try HistoryAnswer(
        memory.tiertop(["history", "web2", layout, "--since", "3d", "--until", "2d", "--json"]))
      #expect(early.points.isEmpty)
    }

    @Test func anIncidentCountsWhatItsVisitorSawFail() throws {
      let lab = try SupervisedLab(load: false)
      let site = try Site(of: lab)
      let memory = try OwnMemory()
      let layout = try memory.layout(of: lab)
      let agent = try RunningAgent([layout], in: memory)
      func ask(_ visitor: inout Visitor, _ count: Int, _ path: (Int) -> String) throws {
        for number in 0..<count {
          try visitor.ask(
            site.balancers[number % 2].host, site.balancers[number % 2].port, path(number / 2))
        }
      }
      // From the second reading on everything counts.
      #expect(holds { ((try? memory.ticks().points.count { $0.qps != nil }) ?? 0) > 2 })
      var visitor = Visitor()
      try ask(&visitor, 60) { _ in "/" }
      try ask(&visitor, 120) { $0 % 2 == 0 ? "/app/error" : "/" }
      #expect(visitor.statuses[500] == 60)
      #expect(agent.says("message=health", "to=degraded"), "\(agent.log)")
      var found: IncidentsAnswer?
      #expect(
        (0..<4).contains { _ in
          holds {
            found = try? IncidentsAnswer(memory.tiertop(["incidents", layout, "--json"]))
            return found?.incidents.first?.end != nil
          }
        })
      let incident = try #require(found?.incidents.first)
      #expect(found?.incidents.count == 1)
      #expect(incident.failed == visitor.statuses[500])
      #expect(incident.countedBy == "tick")
      #expect(incident.requests ?? 0 >= 60 && incident.requests ?? 0 <= visitor.sent)
      #expect(incident.errorRateMax ?? 0 > 0.2)
      #expect(agent.end() == 0)

      // How it was served is said of what is known, which is some seconds of a month.
      let outcome = try memory.tiertop(["incidents", layout, "--json"])
      let service = try #require(try IncidentsAnswer(outcome).service.first { $0.of == "cluster" })
      #expect(service.windows.map(\.windowS) == [3600, 86_400, 604_800, 2_592_000])
      for window in service.windows {
        #expect(window.knownS > 0 && window.knownS < 300)
        #expect(window.requests == visitor.sent)
        #expect(window.failed == 60)
        #expect(window.timeShare == 1)
      }
      let text = try memory.tiertop(["incidents", layout]).output
      #expect(text.contains("100 % of ") && text.contains("LEFT 30d"), "\(text)")
      let row = text.split(separator: "\n").dropFirst().first ?? ""
      #expect(row.contains(" 60  "), "\(text)")
      // Of the time before nothing is known, and no share is made up.
      let before = try IncidentsAnswer(
        memory.tiertop(["incidents", layout, "--since", "9d", "--until", "8d", "--json"]))
      #expect(
        before.service.allSatisfy { $0.windows.allSatisfy { $0.timeShare == nil && $0.requests == nil } })
    }

    @Test func whatIsDownWhenRecordingBeginsIsAnIncidentToo() throws {
      let lab = try SupervisedLab(load: false)
      let memory = try OwnMemory()
      let layout = try memory.layout(of: lab)
      let nginx = try lab.nginx(of: "web2")
      kill(nginx, SIGKILL)
      #expect(
        holds {
          let outcome = try? memory.tiertop(["once", "--json", "--interval", "100ms", layout])
          return (try? Document(outcome?.output ?? ""))?["web2"]?.state == "down"
        })
      let agent = try RunningAgent([layout], in: memory)
      #expect(agent.says("message=health", "node=web2", "from=unknown", "to=down"), "\(agent.log)")
      #expect(agent.end() == 0)
      let incidents = try IncidentsAnswer(memory.tiertop(["incidents", layout, "--json"])).incidents
      #expect(incidents.map(\.nodes) == [["web2"]])
      #expect(incidents.first?.worst == "down" && incidents.first?.end == nil)
    }

    @Test func aRecorderThatBeginsInTheMiddleOfAnIncidentFindsItsEnd() throws {
      let lab = try SupervisedLab(load: false)
      let memory = try OwnMemory()
      let layout = try memory.layout(of: lab)
      let nginx = try lab.nginx(of: "web1")
      let agent = try RunningAgent([layout], in: memory)
      kill(nginx, SIGSTOP)
      #expect(agent.says("message=health", "node=web1", "to=down"), "\(agent.log)")
      agent.end(SIGKILL)
      // Nobody saw it come back.
      kill(nginx, SIGCONT)
      #expect(
        holds {
          let outcome = try? memory.tiertop(["once", "--json", "--interval", "100ms", layout])
          return (try? Document(outcome?.output ?? ""))?["web1"]?.state == "up"
        })
      let next = try RunningAgent([layout], in: memory)
      #expect(next.says("message=health", "node=web1", "to=up"), "\(next.log)")
      #expect(next.end() == 0)
    }

    @Test func minutesAreSummedUpAndAgreeWithTheirTicks() throws {
      let lab = try SupervisedLab()
      let memory = try OwnMemory()
      let layout = try memory.layout(of: lab)
      let agent = try RunningAgent([layout], in: memory)
      func minutes() -> HistoryAnswer? {
        try? HistoryAnswer(memory.tiertop(["history", "web1", layout, "--by", "minute", "--json"]))
      }
      // A minute is there once it is over: a minute at most, so twenty seconds four times.
      #expect(
        (0..<4).contains { _ in holds { minutes()?.points.contains { $0.qps != nil } == true } })
      #expect(agent.end() == 0)
      let minute = try #require(minutes()?.points.first { $0.qps != nil })
      #expect(minute.at.hasSuffix(":00.000Z"))
      let ticks = try memory.ticks(of: "web1").points
        .filter { $0.at.prefix(16) == minute.at.prefix(16) }.compactMap(\.qps)
      let rolled = try #require(minute.qps)
      #expect(rolled.count == ticks.count)
      let mean = ticks.map(\.mean).reduce(0, +) / Double(ticks.count)
      #expect(abs(rolled.mean - mean) < 0.01 + mean * 0.001, "\(rolled) \(mean)")
      #expect(abs(rolled.max - (ticks.map(\.max).max() ?? -1)) < 0.01)
    }

    @Test(arguments: ["events", "incidents", "history web1"])
    func whereNothingIsRecordedItSaysWhereItLooked(_ command: String) throws {
      let memory = try OwnMemory()
      let words = command.split(separator: " ").map(String.init)
      let cluster = "nowhere-\(UInt32.random(in: 0...UInt32.max))"
      let layout = memory.directory.appendingPathComponent("layout.yaml").path
      try "cluster: \(cluster)\ntiers:\n  - { tier: lb, nodes: [{ node: lb1, haproxy: /x.sock }] }\n"
        .write(toFile: layout, atomically: true, encoding: .utf8)
      let outcome = try memory.tiertop(words + [layout])
      #expect(outcome.status == 3)
      #expect(outcome.output.isEmpty)
      for place in ["/var/lib/tiertop/\(cluster).db", memory.store(cluster)] {
        #expect(outcome.errors.contains(place), "\(outcome.errors)")
      }
      let named = try memory.tiertop(words + ["--store", "/no/such/store.db"])
      #expect(named.status == 3)
      #expect(named.errors.contains("there is no record at /no/such/store.db"))
      // Who only looks makes nothing.
      #expect(!FileManager.default.fileExists(atPath: memory.directory.path + "/tiertop"))
    }
  }
}
