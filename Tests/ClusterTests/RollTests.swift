import Testing

@testable import Cluster

/// The engine alone: which order comes when, and what stands where it stops.
@Suite struct RollTests {
  @Test func nodesAreDoneOneAfterTheOtherInOrder() {
    var script = RollScript()
    script.finish()
    #expect(
      script.log == [
        "drain web1", "run web1", "ready web1", "drain web2", "run web2", "ready web2", "drain web3",
        "run web3", "ready web3",
      ])
    #expect(script.roll.isDone)
    #expect(script.open.isEmpty)
  }

  @Test func aCommandWaitsForTheLastSession() {
    var script = RollScript(1)
    script.servers["web1"]?.sessions = 2
    for _ in 0..<5 { script.tick() }
    #expect(script.log == ["drain web1"])
    script.servers["web1"]?.sessions = 0
    script.tick()
    #expect(script.log == ["drain web1", "run web1"])
  }

  @Test func sessionsThatDoNotEndStopIt() {
    var script = RollScript(2, limits: Roll.Limits(sessions: .seconds(10)))
    // On each of two load balancers.
    script.servers["web1"]?.sessions = 4
    script.finish()
    #expect(script["web1"] == .failed(.sessions(left: 8)))
    #expect(script["web2"] == .waiting)
    #expect(script.log == ["drain web1"])
  }

  @Test func whatWasReadBeforeTheDrainSaysNothingOfIt() {
    var script = RollScript(1)
    script.tick()
    script.silent = [1]
    // lb1 has counted none; lb2 has not been heard since.
    for _ in 0..<5 { script.tick() }
    #expect(script.log == ["drain web1"])
    script.silent = []
    script.tick()
    #expect(script.log.last == "run web1")
  }

  @Test func aFailedCommandLeavesItsNodeDrainedAndTheRestUntouched() {
    var script = RollScript(4)
    script.ends["web3"] = .exited(7)
    script.finish()
    #expect(script["web1"] == .done && script["web2"] == .done)
    #expect(script["web3"] == .failed(.command(.exited(7))))
    #expect(script["web4"] == .waiting)
    #expect(script.log.last == "run web3")
    #expect(script.servers["web3"]?.isDrained == true)
    #expect(script.open == ["web3"] && script.done == ["web1", "web2"])
  }

  @Test func aNodeWhoseChecksDoNotPassIsNotMadeReady() {
    var script = RollScript(1, limits: Roll.Limits(up: .seconds(20)))
    script.tick()
    script.servers["web1"]?.check = "L4CON"
    script.servers["web1"]?.status = "DOWN"
    script.finish()
    guard case .failed(.checks(let row?, let words))? = script["web1"] else {
      Issue.record("\(String(describing: script["web1"]))")
      return
    }
    #expect(row.description == "lb1 web/web1")
    #expect(words.contains("L4CON"))
    #expect(script.log == ["drain web1", "run web1"])
  }

  @Test func aCheckOfBeforeTheCommandIsNoProof() {
    var script = RollScript(1)
    script.tick()
    script.tick()
    #expect(script.log == ["drain web1", "run web1"])
    // A second later it says L7OK: that may be the check of before.
    script.tick()
    #expect(script.log.count == 2)
    // Then the new one fails, and the node is waited for.
    script.servers["web1"]?.check = "L7STS"
    for _ in 0..<5 { script.tick() }
    #expect(script.log.count == 2)
    script.servers["web1"]?.check = "L7OK"
    script.tick()
    #expect(script.log.last == "ready web1")
  }

  @Test func aServerThatNothingChecksIsNotWaitedFor() {
    var script = RollScript(1)
    script.servers["web1"]?.check = ""
    script.servers["web1"]?.status = "no check"
    script.tick()
    script.tick()
    script.tick()
    #expect(script.log == ["drain web1", "run web1", "ready web1"])
  }

  @Test func aReadyNodeThatDoesNotServeStopsIt() {
    var script = RollScript(2, limits: Roll.Limits(up: .seconds(10)))
    while !script.log.contains("ready web1") { script.tick() }
    script.servers["web1"]?.status = "DOWN"
    script.finish()
    #expect(
      script["web1"]
        == .failed(
          .notServing(
            row: ServerRow(balancer: NodeName("lb1"), server: ServerID(backend: "web", server: "web1")))))
    #expect(script["web2"] == .waiting)
  }

  @Test(arguments: ["drain web1", "ready web1"])
  func aChangeThatIsNotConfirmedEverywhereStopsIt(_ change: String) {
    var script = RollScript(2)
    script.unconfirmed = [change]
    script.finish()
    #expect(script["web1"] == .failed(change == "drain web1" ? .notDrained : .notReady))
    #expect(script.log.last == change)
    #expect(script["web2"] == .waiting)
  }

  @Test func asManyAreOutAtOnceAsMayBe() {
    var script = RollScript(5, limits: Roll.Limits(maxDown: 2))
    var most = 0
    for _ in 0..<90 where !script.roll.isOver {
      script.tick()
      most = max(most, script.servers.values.count(where: \.isDrained))
    }
    #expect(script.roll.isDone)
    #expect(most == 2)
  }

  @Test func theOthersAreBroughtBackWhereOneFails() {
    var script = RollScript(4, limits: Roll.Limits(maxDown: 3))
    script.ends["web2"] = .exited(1)
    // web3 has still sessions when web2 fails: its command is not run.
    script.servers["web3"]?.sessions = 1
    script.finish()
    #expect(script["web1"] == .done)
    #expect(script["web2"] == .failed(.command(.exited(1))))
    #expect(script["web3"] == .returned)
    #expect(script["web4"] == .waiting)
    #expect(!script.log.contains("run web3"))
    #expect(script.servers["web3"]?.isDrained == false)
    #expect(script.open == ["web2"])
  }

  @Test func whatSomebodyHadTakenOutIsLeftAlone() {
    var script = RollScript(3)
    script.servers["web2"]?.isDrained = true
    script.finish()
    #expect(script["web2"] == .skipped)
    #expect(script.roll.isDone)
    #expect(!script.log.contains { $0.hasSuffix("web2") })
    #expect(script.servers["web2"]?.isDrained == true)
  }

  @Test func anotherGoesOnWithTheNodeThatFailedThenTheRest() {
    var script = RollScript(4, done: ["web1", "web2"], open: ["web3"])
    script.finish()
    #expect(
      script.log == ["drain web3", "run web3", "ready web3", "drain web4", "run web4", "ready web4"])
    #expect(script.roll.isDone)
  }

  @Test func theFloorLetsFewerOutAtOnce() {
    var script = RollScript(3, limits: Roll.Limits(maxDown: 3))
    script.floor = 2
    var most = 0
    for _ in 0..<90 where !script.roll.isOver {
      script.tick()
      most = max(most, script.servers.values.count(where: \.isDrained))
    }
    #expect(script.roll.isDone)
    #expect(most == 1)
    // Who was refused is not tried again each second, but when somebody is back.
    #expect(script.log.count { $0.hasPrefix("refuse") } <= 4, "\(script.log)")
  }

  @Test func aFloorThatForbidsEvenOneStopsItBeforeItIsTouched() {
    var script = RollScript(3)
    script.floor = 3
    script.finish()
    #expect(script["web1"] == .failed(.floor(RollScript.breach)))
    #expect(script.log == ["refuse web1"])
    #expect(script.open.isEmpty)
  }

  @Test func whoeverEndsItLeavesTheNodeWhereItIs() {
    var script = RollScript(2)
    script.servers["web1"]?.sessions = 3
    script.tick()
    script.tick()
    script.roll.interrupt()
    script.tick()
    #expect(script["web1"] == .failed(.interrupted))
    #expect(script.roll.isOver && !script.roll.isDone)
    #expect(script.log == ["drain web1"])
    #expect(script.open == ["web1"])
  }

  @Test func aCommandThatRunsIsWaitedForByWhoeverEndsIt() {
    var script = RollScript(2)
    script.tick()
    script.held = ["web1"]
    script.tick()
    #expect(script["web1"] == .running)
    script.roll.interrupt()
    for _ in 0..<3 { script.tick() }
    #expect(!script.roll.isOver)
    script.end("web1", .exited(0))
    script.tick()
    #expect(script["web1"] == .failed(.interrupted))
    #expect(script.roll.isOver)
  }
}
