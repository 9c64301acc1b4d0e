import Foundation
import Testing

extension ProgramTests {
  /// Whole sites in network namespaces, with the real programs.
  @Suite(.serialized) struct SiteTests {
    @Test(arguments: [
      ("demo", ["10.77.1.100"]), ("active-passive", ["10.77.1.100"]),
      ("active-active", ["10.77.1.100", "10.77.1.101"]), ("scale-up", ["10.77.1.100"]),
      ("three-servers", ["10.77.1.100"]), ("dedicated-tiers", ["10.77.1.11:443", "10.77.1.12:443"]),
    ])
    func everyDesignComesUpAndServes(name: String, entries: [String]) throws {
      let site = try RunningSite(name)
      for (place, entry) in entries.enumerated() {
        // A virtual address, which is one without a port, had come to where it is at home before it was said that
        // the site serves: so the first to ask is answered.
        let isVirtual = !entry.contains(":")
        #expect(!isVirtual || site.notices(of: "lb\(place + 1)").contains("\"VI_\(place + 1)\" MASTER"))
        let first = try #require(try site.page("\(entry)/", within: 20))
        #expect(first.status == 200 && first.text.contains("<h1>"))
        let dynamic = try #require(try site.page("\(entry)/app/", within: 20))
        #expect(dynamic.status == 200 && dynamic.text.hasPrefix("hello from app"))
      }
      // Behind the load balancers nobody reaches anything.
      #expect(try site.page("10.77.2.11/") == nil)
      #expect(try site.page("10.77.3.11:8000/") == nil)
      try site.letGo()
      #expect(site.isGone())
    }

    @Test(.enabled(if: geteuid() == 0, "all of this is run as an ordinary user already"))
    func itStandsForAnOrdinaryUserToo() throws {
      let site = try RunningSite(user: 65534)
      #expect(try site.page("10.77.1.100/app/", within: 20)?.status == 200)
      kill(site.process.processIdentifier, SIGKILL)
      #expect(site.isGone())
    }

    @Test func nothingIsLeftWhenTheSupervisorIsKilled() throws {
      let site = try RunningSite(load: true)
      #expect(site.programs.count > 8)
      // While it runs: who lists processes learns no password.
      let file = "\(site.directory)/tiertop.password"
      let password = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .newlines)
      #expect(password.count > 8)
      for pid in site.programs {
        let command = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
        #expect(command.range(of: Data(password.utf8)) == nil)
      }
      kill(site.process.processIdentifier, SIGKILL)
      #expect(site.isGone())
    }

    @Test func theAddressMovesWhenALoadBalancerDiesAndReturnsWithIt() throws {
      let site = try RunningSite()
      #expect(holds { site.state(of: "lb1") == "MASTER" && site.state(of: "lb2") == "BACKUP" })
      #expect(try tiertop(["lab", "fault", "lb1", "kill", site.layout]).status == 0)
      #expect(holds { site.state(of: "lb1") == "FAULT" && site.state(of: "lb2") == "MASTER" })
      #expect(try site.page("10.77.1.100/", within: 20)?.status == 200)
      #expect(try tiertop(["lab", "heal", "lb1", site.layout]).status == 0)
      #expect(holds { site.state(of: "lb1") == "MASTER" && site.state(of: "lb2") == "BACKUP" })
    }

    @Test func whatEndsByItselfIsStartedAgainAndAReloadLosesNothing() throws {
      let site = try RunningSite()
      func processes(_ words: String) -> [Int32] { site.programs.filter { command(of: $0).contains(words) } }
      let before = Set(processes("/web1/"))
      try #require(!before.isEmpty)
      for pid in before { kill(pid, SIGKILL) }
      #expect(holds { !processes("/web1/").isEmpty && before.isDisjoint(with: processes("/web1/")) })
      #expect(holds { (try? site.page("10.77.2.11/", from: "lb1"))??.status == 200 })

      let old = Set(processes("/lb1/haproxy.cfg"))
      try #require(!old.isEmpty)
      kill(site.process.processIdentifier, SIGUSR1)
      #expect(
        holds {
          let new = processes("/lb1/haproxy.cfg")
          return !new.isEmpty && old.isDisjoint(with: new) && (try? site.page("10.77.1.100/"))??.status == 200
        })
    }

    @Test(arguments: ["hang", "cut"])
    func aLoadBalancerThatIsSilentLosesTheAddress(fault: String) throws {
      let site = try RunningSite()
      #expect(try tiertop(["lab", "fault", "lb1", fault, site.layout]).status == 0)
      #expect(holds { site.state(of: "lb2") == "MASTER" })
      let nobody = try tiertop(["lab", "heal", "web9", site.layout])
      #expect(nobody.status == 1 && nobody.errors.contains("there is no node web9 in this lab"))
      #expect(nobody.errors.contains("\"all\" is every one of them."), "\(nobody.errors)")
      #expect(try tiertop(["lab", "heal", "all", site.layout]).status == 0)
      #expect(holds { site.state(of: "lb1") == "MASTER" && site.state(of: "lb2") == "BACKUP" })
    }

    @Test func aSplitPairBothHoldTheAddress() throws {
      let site = try RunningSite()
      #expect(try tiertop(["lab", "fault", "lb2", "split-brain", site.layout]).status == 0)
      #expect(holds { site.state(of: "lb1") == "MASTER" && site.state(of: "lb2") == "MASTER" })
      #expect(try tiertop(["lab", "heal", "all", site.layout]).status == 0)
      #expect(holds { site.state(of: "lb2") == "BACKUP" })
    }

    @Test func aReplicaThatIsToldToStopDoes() throws {
      let site = try RunningSite()
      #expect(holds { ((try? site.replica("db2")) ?? "").contains("Slave_SQL_Running: Yes") })
      #expect(try tiertop(["lab", "fault", "db2", "stop-replication", site.layout]).status == 0)
      #expect(try site.replica("db2").contains("Seconds_Behind_Master: NULL"))
      #expect(try tiertop(["lab", "heal", "db2", site.layout]).status == 0)
      #expect(holds { ((try? site.replica("db2")) ?? "").contains("Slave_IO_Running: Yes") })
    }

    @Test func whatIsSlowOrFailsIsSlowOrFails() throws {
      let site = try RunningSite()
      #expect(try tiertop(["lab", "fault", "web1", "errors", "100%", site.layout]).status == 0)
      #expect(try site.page("10.77.2.11/", from: "lb1", within: 20)?.status == 500)
      #expect(try site.page("10.77.2.12/", from: "lb1", within: 20)?.status == 200)
      #expect(try tiertop(["lab", "heal", "web1", site.layout]).status == 0)
      #expect(try site.page("10.77.2.11/", from: "lb1", within: 20)?.status == 200)

      #expect(try tiertop(["lab", "fault", "app1", "slow", "700ms", site.layout]).status == 0)
      let slow = try site.run(
        in: "lb1", ["curl", "-s", "-o", "/dev/null", "-w", "%{time_total}", "http://10.77.3.11:8000/"])
      #expect(Double(slow.output) ?? 0 >= 0.7)
    }

    @Test func whatCannotBePlayedIsSaid() throws {
      let site = try RunningSite()
      let wrong = try tiertop(["lab", "fault", "lb1", "slow", "300ms", site.layout])
      #expect(wrong.status == 1 && wrong.errors.contains("slow is only for web and application servers"))
      for (words, answer) in [
        (["db1", "lag", "5s"], "lag is only for replicas"), (["web9", "kill"], "no node web9"),
        (["web9", "kill"], "lb1, lb2, web1"),
        (["lb1", "fire"], "lb1 can have: kill, hang, loss 20%, cut, full, split-brain."),
        (["web1", "slow", "very"], "slow 300ms"), (["db2", "lag", "300ms"], "lag 30s"),
        (["web1", "kill", "now"], "takes no value"),
      ] {
        let outcome = try tiertop(["lab", "fault"] + words + [site.layout])
        #expect(outcome.status == 1 && outcome.errors.contains(answer), "\(words): \(outcome.errors)")
      }
      let help = try tiertop(["lab", "fault", "--help"]).output
      for kind in [
        "kill", "hang", "slow 300ms", "errors 5%", "loss 20%", "cut", "full", "lag 30s", "stop-replication",
      ] {
        #expect(help.contains(kind))
      }
    }

    @Test func twoStandSideBySideAndEachIsToldByItsLayout() throws {
      let one = try RunningSite()
      let other = try RunningSite("scale-up")
      let status = try tiertop(["lab", "status", other.layout])
      #expect(status.status == 0 && status.output.contains("www.foobar.com in \(other.directory)"))
      #expect(status.output.contains("db1: mariadbd at 10.77.4.11:3306 runs"))
      #expect(try tiertop(["lab", "fault", "web1", "kill", other.layout]).status == 0)
      #expect(try tiertop(["lab", "status", other.layout]).output.contains("does not run  fault: kill"))
      #expect(try tiertop(["lab", "down", other.layout]).status == 0)
      #expect(other.isGone())
      #expect(one.process.isRunning)
      #expect(try one.page("10.77.1.100/", within: 20)?.status == 200)
    }

    @Test func whatIsKnownOfTheWholeSiteIsInTheDocument() throws {
      let site = try RunningSite(load: true)
      // What is asked in every few ticks only has to have been asked, and the replica to have found its primary.
      var document: Document?
      var output = ""
      #expect(
        holds {
          output = (try? tiertop(["once", "--json", "--count", "6", site.layout]).output) ?? ""
          document = output.split(separator: "\n").last.flatMap { try? Document(String($0)) }
          return document?["lb1"]?.own.router?.first?.state == "master"
            && document?["db2"]?.own.database?.replication?.receiving == "running"
            && document?["lb>web"]?.own.firewall?.paths.contains { $0.right == nil } == false
        }, "\(output)")
      let known = try #require(document)
      let router = try #require(known["lb1"]?.own.router?.first)
      #expect(router.since != nil)
      #expect(known["lb2"]?.own.router?.first?.state == "backup")
      let address = try #require(known["10.77.1.100"]?.own.address)
      #expect(address.holders == ["lb1"] && address.answers == true && address.failures == 0)
      let name = try #require(known["www.demo.test"]?.own.name)
      #expect(name.code == 0 && name.addresses == ["10.77.1.100"] && name.ttlS != nil)

      let primary = try #require(known["db1"]?.own.database)
      #expect(primary.version.contains("MariaDB") && primary.readOnly == false && primary.replication == nil)
      #expect(primary.qps != nil && primary.connectionLimit ?? 0 > 0)
      let replication = try #require(known["db2"]?.own.database?.replication)
      #expect(replication.source == "10.77.4.11:3306" && replication.applying == "running")

      let firewall = try #require(known["lb>web"]?.own.firewall)
      #expect(firewall.acceptedConnectionsS != nil && firewall.droppedPacketsS != nil)
      #expect(firewall.paths.map(\.to) == ["10.77.2.11:80", "10.77.2.12:80"])
      #expect(firewall.paths.allSatisfy { $0.allowed && $0.found == "open" && $0.right == true })

      // Who counts what: HAProxy what it passes on, also to the application; the databases what they are asked.
      #expect(known.edges.map(\.to) == ["lb", "web", "app", "db"])
      #expect(known.edges.map(\.from) == [nil, "lb", "lb", "app"])
      #expect(known.edges.map(\.basis) == ["counted", "counted", "counted", "inferred"])
      #expect(known.edges.allSatisfy { $0.qps != nil && $0.connectionsS == nil })
    }

    @Test func theDashboardsSourcesAreReachedFromOutside() throws {
      let site = try RunningSite("active-active", load: true)
      let outcome = try tiertop(["once", "--json", site.layout])
      let document = try Document(outcome.output)
      for name in ["lb1", "lb2", "web1", "web2", "web3"] {
        #expect(document[name]?.state == "up", "\(name): \(outcome.output)")
      }
    }
  }
}

/// The words that a process was started with.
private func command(of pid: Int32) -> String {
  String(decoding: FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data(), as: UTF8.self)
}
