import Foundation
import Testing

extension ProgramTests {
  /// `tiertop agent`: the daemon, on the demo cluster.
  @Suite struct DaemonTests {
    @Test func itRecordsUntilItIsToldToEnd() throws {
      let lab = try SupervisedLab(load: false)
      let memory = try OwnMemory()
      let agent = try RunningAgent([try memory.layout(of: lab, every: "2s")], in: memory)
      #expect(agent.says("message=started", "version=", "cluster=demo", "store=\(memory.store())", "nodes=6"))
      #expect(memory.hasRecorded(ticks: 3))
      #expect(agent.end() == 0)
      // The last frame that was seen is recorded.
      let ticks = try memory.ticks()
      #expect(agent.says("message=stopped", "signal=15", "frames=\(ticks.points.count)"), "\(agent.log)")
      #expect(ticks.points.last?.qps?.mean == 0)
      // Nothing happened, so nothing is said.
      #expect(agent.log.count == 2, "\(agent.log)")
      let files = try FileManager.default.contentsOfDirectory(atPath: memory.directory.path + "/tiertop")
      #expect(files.sorted() == ["demo.db", "demo.db.lock"])
      for file in files {
        let path = memory.directory.path + "/tiertop/" + file
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
      }
    }

    @Test func aBrokenLayoutIsRefusedWithAllItsMistakesAndTheOldOneStays() throws {
      let lab = try SupervisedLab(load: false)
      let memory = try OwnMemory()
      let layout = try memory.layout(of: lab)
      let agent = try RunningAgent([layout], in: memory)
      #expect(memory.hasRecorded(ticks: 1))
      try "cluster: demo\ninterval: soon\ntiers: 5\n".write(
        toFile: layout, atomically: true, encoding: .utf8)
      agent.signal(SIGHUP)
      #expect(agent.says("level=error", "layout not taken", "layout.yaml:2:"))
      #expect(agent.says("level=error", "layout not taken", "layout.yaml:3:"))
      #expect(agent.says("the layout before is kept", "mistakes=2"))
      let count = try memory.ticks().points.count
      #expect(memory.hasRecorded(ticks: count + 4))
      // Of another cluster it would be another store.
      _ = try memory.layout(of: lab) { $0.replacingOccurrences(of: "cluster: demo", with: "cluster: shop") }
      agent.signal(SIGHUP)
      #expect(agent.says("layout not taken", "it is of another cluster, shop"))
      #expect(agent.end() == 0)
      // A store is not read as that of another cluster either.
      let other = try memory.tiertop(["events", layout, "--store", memory.store()])
      #expect(other.status == 3)
      #expect(other.errors.contains("is the record of another cluster, demo"), "\(other.errors)")
    }

    @Test func aGoodLayoutIsTakenAndTheStoreIsNeverLetGoOf() throws {
      let lab = try SupervisedLab(load: false)
      let memory = try OwnMemory()
      let layout = try memory.layout(of: lab, every: "2s")
      let agent = try RunningAgent([layout], in: memory)
      #expect(holds { (try? memory.ticks(of: "app1").points.isEmpty) == false })
      agent.signal(SIGHUP)
      #expect(agent.says("layout read", "changed=no"))
      _ = try memory.layout(of: lab, every: "2s") {
        $0.replacingOccurrences(of: "node: app1", with: "node: api1")
      }
      agent.signal(SIGHUP)
      #expect(agent.says("layout read", "changed=yes"))
      #expect(holds { (try? memory.ticks(of: "api1").points.contains { $0.qps != nil }) == true })
      let second = try memory.tiertop(["agent", layout])
      #expect(second.status == 1)
      #expect(second.errors.contains("pid=\(agent.process.processIdentifier) "), "\(second.errors)")
      #expect(agent.end() == 0)
      let events = try EventsAnswer(memory.tiertop(["events", layout, "--json"])).events
      #expect(events.filter { $0.kind == "layout" }.count == 1, "\(events)")
      #expect(!events.contains { $0.kind == "gap" }, "\(events)")
    }

    @Test func aSecondRecorderIsRefusedAndSaysWhoTheFirstIs() throws {
      let lab = try SupervisedLab(load: false)
      let memory = try OwnMemory()
      let layout = try memory.layout(of: lab)
      let agent = try RunningAgent([layout], in: memory)
      #expect(agent.says("message=started"))
      let second = try memory.tiertop(["agent", layout])
      #expect(second.status == 1)
      for words in ["another program records", "pid=\(agent.process.processIdentifier) ", "user=", "since="] {
        #expect(second.errors.contains(words), "\(second.errors)")
      }
      // The lock goes with the process, however it ends.
      agent.end(SIGKILL)
      let third = try RunningAgent([layout], in: memory)
      #expect(third.says("message=started"))
      #expect(third.end() == 0)
    }

    @Test func whatIsKilledLosesNothingAndLeavesAGap() throws {
      let lab = try SupervisedLab(load: false)
      let memory = try OwnMemory()
      let layout = try memory.layout(of: lab)
      let agent = try RunningAgent([layout], in: memory)
      #expect(memory.hasRecorded(ticks: 5))
      let before = try memory.ticks().points
      agent.end(SIGKILL)
      // Nobody reads while the store is put right again: that would be a reason to wait.
      let manager = try ServiceSocket(in: memory.directory)
      let next = try RunningAgent([layout], in: memory, environment: ["NOTIFY_SOCKET": manager.path])
      #expect(manager.hears { $0.contains { $0.hasPrefix("READY=1\n") } })
      #expect(memory.hasRecorded(ticks: before.count + 6))
      #expect(next.end() == 0)
      let after = try memory.ticks().points
      #expect(after.prefix(before.count).map(\.at) == before.map(\.at))
      let events = try EventsAnswer(memory.tiertop(["events", layout, "--json"])).events
      let gap = try #require(events.first { $0.kind == "gap" })
      #expect(gap.words.contains("no tiertop was running"))
      #expect(gap.at >= before.last?.at ?? "" && gap.until ?? "" > gap.at)
      // A gap is an empty field, and never 0.
      let csv = try memory.tiertop(["history", "web1", layout, "--by", "tick", "--csv"]).output
      let lines = csv.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      #expect(lines.first?.prefix(4) == ["time", "qps_min", "qps_mean", "qps_max"])
      #expect(lines.allSatisfy { $0.count == 13 })
      let empty = lines.filter { $0.dropFirst().allSatisfy(\.isEmpty) }
      #expect(empty.contains { $0[0] > gap.at && $0[0] < gap.until ?? "" }, "\(csv)")
    }

    @Test func aStoreThatCannotBeWrittenIsSaidOnceAndRecordedAgainAsSoonAsItCan() throws {
      let lab = try SupervisedLab(load: false)
      let memory = try OwnMemory()
      // Opening is tried once a second at most.
      let layout = try memory.layout(of: lab, every: "1500ms")
      let first = try RunningAgent([layout], in: memory)
      #expect(memory.hasRecorded(ticks: 1))
      #expect(first.end() == 0)
      let count = try memory.ticks().points.count
      let holder = try StoreHolder(memory.store())
      let agent = try RunningAgent([layout], in: memory)
      #expect(agent.says("level=error message=\"not recording\"", "is held by another program"))
      // The cluster is watched all the same.
      let nginx = try lab.nginx(of: "web1")
      kill(nginx, SIGKILL)
      #expect(agent.says("message=health", "node=web1", "to=down"))
      holder.letGo()
      #expect(agent.says("message=\"recording again\""))
      #expect(memory.hasRecorded(ticks: count + 4))
      #expect(agent.end() == 0)
      #expect(agent.log.count { $0.contains("not recording") } == 1, "\(agent.log)")
      let events = try EventsAnswer(memory.tiertop(["events", layout, "--json"])).events
      // What happened meanwhile is not lost, and that no frames are there of it is said.
      #expect(events.contains { $0.kind == "down" && $0.node == "web1" }, "\(events)")
      #expect(events.contains { $0.kind == "gap" }, "\(events)")
    }

    @Test func systemdHearsHowItDoes() throws {
      let lab = try SupervisedLab(load: false)
      let memory = try OwnMemory()
      let manager = try ServiceSocket(in: memory.directory)
      let layout = try memory.layout(of: lab)
      let agent = try RunningAgent(
        [layout], in: memory, environment: ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "400000"])
      #expect(manager.hears { $0.count { $0 == "WATCHDOG=1" } >= 3 })
      let ready = try #require(manager.messages.first)
      #expect(ready.hasPrefix("READY=1\nSTATUS=demo: "), "\(ready)")
      #expect(manager.hears { $0.contains { $0.hasSuffix("STATUS=demo: 6 up; recording") } })
      // One that does not go on does not say that it does.
      agent.signal(SIGSTOP)
      #expect(holds { stateOf(agent.process.processIdentifier) == "T" })
      _ = manager.hears { _ in true }
      let count = manager.messages.count
      usleep(500_000)
      _ = manager.hears { _ in true }
      #expect(manager.messages.count == count)
      agent.signal(SIGCONT)

      for interval in ["500ms", "never"] {
        let heard = manager.messages.count
        _ = try memory.layout(of: lab, every: interval)
        agent.signal(SIGHUP)
        #expect(
          manager.hears { messages in
            let news = messages.dropFirst(heard)
            guard let start = news.firstIndex(where: { $0.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") }) else {
              return false
            }
            return news[start...].contains { $0.hasPrefix("READY=1\n") }
          }, "\(manager.messages)")
      }
      #expect(agent.end() == 0)
      #expect(manager.hears { $0.last == "STOPPING=1" })
    }

    @Test func withoutALayoutThatRecordsAnythingItSaysSo() throws {
      let memory = try OwnMemory()
      let missing = try memory.tiertop(["agent", "/no/such/layout.yaml"])
      #expect(missing.status == 2)
      #expect(missing.errors.contains("no such file"))
      let nowhere = try memory.tiertop([
        "agent", "--socket", "/nonexistent/admin.sock", "--store", "/nonexistent/x.db",
      ])
      #expect(nowhere.status == 3)
      #expect(
        nowhere.errors.contains("level=error message=\"the store cannot be used\""), "\(nowhere.errors)")
    }

    private func stateOf(_ pid: Int32) -> String? {
      let status = FileManager.default.contents(atPath: "/proc/\(pid)/status") ?? Data()
      let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first {
        $0.hasPrefix("State:")
      }
      return line.map { String($0.dropFirst(6).trimmingCharacters(in: .whitespaces).prefix(1)) }
    }
  }
}
