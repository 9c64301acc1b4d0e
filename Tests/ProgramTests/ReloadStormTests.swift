import Foundation
import Testing

extension ProgramTests {
  /// Load balancers that are reloaded again and again while they are watched.
  @Suite struct ReloadStormTests {
    private static let reloads = 30

    @Test func aStormOfReloadsIsGapsAndEventsAndNothingElse() throws {
      let (lab, memory) = (try SupervisedLab(), try OwnMemory())
      let layout = try memory.layout(of: lab, every: "100ms")
      let terminal = try RawTerminal([layout], memory: memory)
      #expect(terminal.says("LIVE", "all is well"))
      #expect(holds { (try? memory.ticks(of: "lb1").points.contains { $0.qps != nil }) == true })
      let pid = terminal.process.processIdentifier
      // Connections come and go with each poll; these are those that stay.
      let before = (0..<50).map { _ in openDescriptors(of: pid) }.max() ?? 0
      let balancer = try #require(lab.balancers.first)
      for _ in 0..<ReloadStormTests.reloads {
        // As soon as the one before answers: it takes over from none that is not there yet.
        let process = try process(at: balancer)
        kill(lab.process.processIdentifier, SIGUSR1)
        try #require(holds { (try? self.process(at: balancer)).map { $0 != process } ?? false })
      }
      // What was lost is seen anew, and the figures go on.
      #expect(
        holds {
          let count = terminal.bytes.count
          terminal.type("\u{C}")
          usleep(300_000)
          return String(TerminalStream(Array(terminal.bytes.dropFirst(count))).text).contains("all is well")
        })
      let after = try memory.ticks(of: "lb1").points.count
      #expect(
        holds {
          let new = (try? memory.ticks(of: "lb1").points.dropFirst(after)) ?? []
          return new.count(where: { $0.qps != nil }) > 5
        })
      #expect(holds { openDescriptors(of: pid) <= before })
      terminal.type("q")
      try #require(terminal.ends())
      #expect(terminal.status == 0)
      #expect(terminal.isGivenBack)

      let events = try EventsAnswer(memory.tiertop(["events", layout, "--json"])).events
      for balancer in ["lb1", "lb2"] {
        let resets = events.filter { $0.kind == "reset" && $0.node == balancer }
        #expect((2...ReloadStormTests.reloads).contains(resets.count), "\(balancer): \(events.map(\.words))")
      }
      for name in ["cluster", "lb1", "lb2", "web1", "app1"] {
        let points = try memory.ticks(of: name).points
        // Counters that begin anew are no traffic, neither less than none nor all that there ever was at once.
        let rates = points.compactMap(\.qps)
        #expect(rates.allSatisfy { $0.min >= 0 && $0.max < 5000 }, "\(name): \(rates)")
        #expect(points.compactMap(\.errorRate).allSatisfy { $0.min >= 0 && $0.max <= 1 }, "\(name)")
        #expect(points.compactMap(\.sessions).allSatisfy { $0.min >= 0 }, "\(name)")
        if name == "lb1" { #expect(points.contains { $0.qps == nil }) }
      }
    }

    private func process(at balancer: StatsSocket) throws -> Substring {
      try #require(try balancer.ask("show info").split(separator: "\n").first { $0.hasPrefix("Pid: ") })
    }

    private func openDescriptors(of pid: Int32) -> Int {
      (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count) ?? .max
    }
  }
}
