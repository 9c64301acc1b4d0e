import Foundation
import TestSupport
import Testing

extension ProgramTests {
  /// Whether a program that runs for long stays as small as it was. `TIERTOP_MINUTES=1440` makes it a whole day
  /// (`Scripts/endurance`).
  @Suite struct EnduranceTests {
    private static let minutes =
      ProcessInfo.processInfo.environment["TIERTOP_MINUTES"].flatMap { Int($0) } ?? 12

    @Test func descriptorsAndMemoryStayAsTheyWere() throws {
      let directory = FileManager.default.temporaryDirectory
        .appendingPathComponent("tt-long-\(getpid())-\(UInt32.random(in: 0..<UInt32.max))")
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: directory) }
      let harness = builtProgram("EnduranceHarness")
      let minutes = EnduranceTests.minutes
      let part = max(1, minutes / 12)
      let outcome = try run(harness, [directory.path, "\(minutes)", "\(part)"])
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
      let rows = outcome.output.split(separator: "\n").map { $0.split(separator: " ").compactMap { Int($0) } }
      try #require(rows.count == minutes / part && rows.allSatisfy { $0.count == 4 }, "\(outcome.output)")
      let last = rows[rows.count - 1]
      // A frame a second, whoever hangs.
      #expect(last[1] >= minutes * 60 - 5 && last[1] <= minutes * 60 + minutes * 30, "\(outcome.output)")
      // Three peers, and the connections that are under way at that moment.
      let descriptors = rows.map { $0[2] }
      let fewest = try #require(descriptors.min())
      #expect(descriptors.allSatisfy { $0 <= fewest + 8 }, "\(outcome.output)")
      // What trails and graphs hold fills up first: ten minutes, or the first half of a longer run.
      if minutes >= 60 {
        let middle = rows[rows.count / 2][3]
        #expect(last[3] < middle + middle / 10 + 4096, "\(outcome.output)")
      } else {
        #expect(last[3] < 200_000, "\(outcome.output)")
      }
    }
  }
}
