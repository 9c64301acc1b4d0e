import Foundation
import Testing

extension ProgramTests {
  /// Draining with keys, in a real terminal, on real load balancers; what was done is read by the test itself.
  @Suite struct DrainScreenTests {
    @Test func aNodeIsDrainedOnBothLoadBalancersAndPutBack() throws {
      let lab = try SupervisedLab()
      let screen = try TmuxScreen([lab.layout])
      #expect(screen.shows("all is well", "READ-WRITE"))
      screen.press("2", "d")
      #expect(
        screen.shows("drain web1 on lb1, lb2?", "web/web1", "the most it has carried"), "\(screen.text)")
      // Looking changes nothing, and neither does leaving.
      screen.press("Escape")
      #expect(screen.loses("drain web1 on"))
      #expect(lab.admin("web", "web1") == ["ready", "ready"])
      screen.press("d", "y")
      #expect(screen.shows("done, and read back, on all load balancers"), "\(screen.text)")
      #expect(lab.admin("web", "web1") == ["drain", "drain"])
      #expect(screen.shows("none left", "draining"), "\(screen.text)")
      screen.press("Escape", "F5")
      #expect(screen.shows("web/web1 drain by"), "\(screen.text)")
      screen.press("u")
      #expect(screen.shows("undo: ready web/web1 on lb1, lb2?"), "\(screen.text)")
      screen.press("y")
      #expect(screen.shows("READY"), "\(screen.text)")
      #expect(holds { lab.admin("web", "web1") == ["ready", "ready"] })
    }

    @Test func belowTheFloorTheBackendsNameIsTyped() throws {
      let lab = try SupervisedLab()
      let screen = try TmuxScreen([lab.layout])
      #expect(screen.shows("all is well"))
      screen.press("2", "Space", "Space", "d")
      #expect(
        screen.shows("backend web would go DOWN on lb1, lb2", "Type the backend's name, web"),
        "\(screen.text)")
      screen.press("Enter")
      #expect(screen.shows("nothing was sent"), "\(screen.text)")
      #expect(lab.admin("web", "web1") == ["ready", "ready"])
      screen.type("web")
      screen.press("Enter")
      #expect(
        holds {
          lab.admin("web", "web1") == ["drain", "drain"] && lab.admin("web", "web2") == ["drain", "drain"]
        })
    }

    @Test func aLoadBalancerThatHangsIsNeverCalledDone() throws {
      let lab = try SupervisedLab()
      let screen = try TmuxScreen([lab.layout])
      #expect(screen.shows("all is well"))
      let hung = try lab.balancer("lb2")
      kill(hung, SIGSTOP)
      screen.press("2", "d", "y")
      #expect(screen.shows("DRAIN 1/2", "lb1    done", "lb2    state unknown"), "\(screen.text)")
      kill(hung, SIGCONT)
      // What it had been told is in its socket; it is found out, or said again.
      if !screen.shows("done, and read back, on all load balancers") {
        screen.press("t", "y")
        #expect(screen.shows("done, and read back, on all load balancers"), "\(screen.text)")
      }
      #expect(holds { lab.admin("web", "web1") == ["drain", "drain"] })
    }

    @Test func aReloadThatForgetsADrainIsSeenAndOneKeySetsItAgain() throws {
      let lab = try SupervisedLab()
      let screen = try TmuxScreen([lab.layout], width: 140, height: 40)
      #expect(screen.shows("all is well"))
      screen.press("2", "d", "y")
      #expect(screen.shows("done, and read back"))
      #expect(lab.admin("web", "web1") == ["drain", "drain"])
      screen.press("Escape")
      #expect(screen.shows("web1 draining"), "\(screen.text)")
      kill(lab.process.processIdentifier, SIGUSR1)
      #expect(screen.shows("drain lost on lb1, lb2"), "\(screen.text)")
      #expect(lab.admin("web", "web1") == ["ready", "ready"])
      screen.press("a")
      #expect(screen.shows("again: drain web1 on lb1, lb2?"), "\(screen.text)")
      screen.press("y")
      #expect(screen.shows("done, and read back"), "\(screen.text)")
      #expect(lab.admin("web", "web1") == ["drain", "drain"])
      #expect(screen.loses("web1 degraded"))
    }

    @Test func whatSomebodyElseDoesIsSaidToBeSomebodyElses() throws {
      let lab = try SupervisedLab()
      let screen = try TmuxScreen([lab.layout], width: 140, height: 40)
      #expect(screen.shows("all is well"))
      _ = try lab.balancers[0].ask("set server web/web1 state drain")
      #expect(screen.shows("web/web1 ready → drain, not by tiertop", "drain 1/2"), "\(screen.text)")
    }

    /// Each has a memory of its own, as on two machines.
    @Test func twoOperatorsSeeWhatTheOtherDoes() throws {
      let lab = try SupervisedLab()
      let one = try TmuxScreen([lab.layout], width: 140, height: 40)
      let two = try TmuxScreen([lab.layout], width: 140, height: 40)
      #expect(one.shows("all is well"))
      #expect(two.shows("all is well"))
      one.press("2", "d", "y")
      #expect(one.shows("done, and read back"), "\(one.text)")
      one.press("Escape")
      #expect(two.shows("web1 draining", "not by tiertop"), "\(two.text)")
      two.press("2", "r", "y")
      #expect(two.shows("READY", "done, and read back"), "\(two.text)")
      #expect(lab.admin("web", "web1") == ["ready", "ready"])
      #expect(one.shows("drain lost on lb1, lb2"), "\(one.text)")
    }

    @Test func readOnlyExplainsItselfAndChangesNothing() throws {
      let lab = try SupervisedLab()
      let screen = try TmuxScreen(["--read-only", lab.layout])
      #expect(screen.shows("all is well", "READ-ONLY"), "\(screen.text)")
      for key in ["d", "r", "m", "w"] {
        screen.press("2", key)
        #expect(screen.shows("tiertop was started with --read-only"), "\(screen.text)")
        screen.press("y")
      }
      #expect(lab.admin("web", "web1") == ["ready", "ready"])
    }

    @Test(arguments: ["a;disable server b/c", "a b", "web1\u{202E}", String(repeating: "w", count: 10_240)])
    func aServerWhoseNameIsACommandIsRefusedAndNothingIsSent(name: String) throws {
      let stat =
        "# pxname,svname,qcur,scur,stot,status,weight,act,bck,pid,type,addr\n"
        + "web,\"\(name)\",0,0,0,UP,1,1,0,7,2,10.0.0.1:80\nweb,BACKEND,0,0,0,UP,1,1,0,7,1,\n\n"
      let reply = "admin\n\n\nName: HAProxy\nVersion: 2.6.12\nPid: 7\n\n" + stat + "Permission denied\n\n"
      let peer = try HostilePeer(saying: Array(reply.utf8))
      let screen = try TmuxScreen(["--socket", peer.path, "--view", "table"])
      #expect(screen.shows("LIVE", "READ-WRITE"), "\(screen.text)")
      screen.press("j", "d")
      #expect(screen.shows("nothing was sent"), "\(screen.text)")
      screen.press("y", "Enter")
      #expect(screen.shows("LIVE"))
      let polls = peer.heard.split(separator: "\n")
      #expect(!polls.isEmpty)
      #expect(
        polls.allSatisfy { $0 == "show cli level;operator;show info;show stat;show servers state" })
    }

    @Test func sessionsAreCountedDownAndMaintFollowsTheLast() throws {
      let pair = try OwnPair()
      let screen = try TmuxScreen([pair.layout])
      #expect(screen.shows("web1", "READ-WRITE", "● up"), "\(screen.text)")
      // One on each server of the first load balancer.
      try pair.hold(1, seconds: 4, connections: 2)
      screen.press("2", "d", "y")
      #expect(screen.shows("1 left", "done, and read back"), "\(screen.text)")
      screen.press("m")
      #expect(screen.shows("then maint, once no session is left"), "\(screen.text)")
      #expect(try pair.states(1) == ["drain", "ready"])
      #expect(screen.shows("maint web/web1", "MAINT"), "\(screen.text)")
      #expect(try pair.states(1) == ["maint", "ready"])
      #expect(try pair.states(2) == ["maint", "ready"])
      #expect(try pair.sessions(1)[0] == 0)
    }

    @Test func everyChangeIsWrittenDownWhereTheLayoutSays() throws {
      let lab = try SupervisedLab()
      let audit = lab.directory + "/audit.log"
      let layout = lab.directory + "/audited.yaml"
      let text = try String(contentsOfFile: lab.layout, encoding: .utf8) + "\naudit: \(audit)\n"
      try text.write(toFile: layout, atomically: true, encoding: .utf8)
      let screen = try TmuxScreen([layout])
      #expect(screen.shows("all is well"))
      screen.press("2", "d", "e")
      screen.type("kernel update")
      screen.press("Enter", "y")
      #expect(screen.shows("done, and read back"), "\(screen.text)")
      let lines = try String(contentsOfFile: audit, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 2)
      for (line, balancer) in zip(lines.sorted { $0.contains("lb1") && !$1.contains("lb1") }, ["lb1", "lb2"])
      {
        for part in [
          "cluster=demo", "action=drain", "balancer=\(balancer)", "server=web/web1", "from=ready", "to=drain",
          "result=done", "note=\"kernel update\"",
        ] {
          #expect(line.contains(part), "\(part) in \(line)")
        }
      }
    }
  }
}
