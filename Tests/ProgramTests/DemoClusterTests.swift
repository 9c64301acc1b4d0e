import Foundation
import Testing

extension ProgramTests {
  /// `tiertop lab up` as a process of its own, and what becomes of all it started when it ends, however it does.
  @Suite struct DemoClusterTests {
    @Test func itPrintsOneLineAndStaysUntilItIsInterrupted() throws {
      let lab = try SupervisedLab(wanted: false)
      #expect(lab.said == lab.layout + "\n")
      #expect(FileManager.default.fileExists(atPath: lab.layout))
      #expect(lab.process.isRunning)
      #expect(lab.programs.count >= 8)
      kill(lab.process.processIdentifier, SIGINT)
      #expect(lab.isGone())
      #expect(lab.process.terminationStatus == 0)
    }

    @Test func nothingIsLeftWhenTheSupervisorIsKilled() throws {
      let lab = try SupervisedLab(wanted: false)
      #expect(lab.programs.count >= 8)
      kill(lab.process.processIdentifier, SIGKILL)
      #expect(lab.isGone())
    }

    @Test func nothingIsLeftWhenWhoeverWantedItIsKilled() throws {
      let lab = try SupervisedLab()
      #expect(lab.programs.count >= 8)
      // What a killed dashboard leaves is a pipe that nobody holds.
      try lab.letGo()
      #expect(lab.isGone())
      #expect(lab.process.terminationStatus == 0)
    }

    @Test func twoStandSideBySideAndOneEndsWithoutTheOther() throws {
      let one = try SupervisedLab(wanted: false)
      let other = try SupervisedLab(wanted: false)
      kill(one.process.processIdentifier, SIGKILL)
      #expect(one.isGone())
      #expect(other.process.isRunning)
      #expect(other.programs.count >= 8)
      kill(other.process.processIdentifier, SIGTERM)
      #expect(other.isGone())
    }

    @Test func aWorkerOfAKilledProgramEndsToo() throws {
      let lab = try SupervisedLab(wanted: false)
      // Gunicorn's arbiter has a worker; after the arbiter's death only the next one's start shows its name.
      let arbiters = lab.programs.filter { parent(of: $0) == lab.process.processIdentifier }
      let workers = lab.programs.filter { !arbiters.contains($0) }
      #expect(!workers.isEmpty)
      for arbiter in workers.compactMap(parent) { kill(arbiter, SIGKILL) }
      #expect(holds { Set(workers).isDisjoint(with: lab.programs) })
      kill(lab.process.processIdentifier, SIGTERM)
      #expect(lab.isGone())
    }
  }
}
