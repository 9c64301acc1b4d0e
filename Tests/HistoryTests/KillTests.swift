import Cluster
import Foundation
import TestSupport
import Testing

@testable import History

/// `TIERTOP_KILLS=1000` makes it as many as a night allows.
struct KillTests {
  private static let kills =
    ProcessInfo.processInfo.environment["TIERTOP_KILLS"].flatMap { Int($0) } ?? 50

  @Test func aRecorderThatIsKilledLosesNothingThatItAcknowledged() throws {
    let scratch = try Scratch()
    let path = scratch.file("killed.db")
    var random = SeededRandom(seed: 11)
    var last: Int64 = 0
    for kill in 1...KillTests.kills {
      // From the first instructions to some hundred frames.
      let acknowledged = try recordAndKill(
        path, from: last, afterLines: Int.random(in: 0...400, using: &random))
      guard let timeline = try? Timeline(path: path), let span = try timeline.span() else {
        #expect(acknowledged == nil, "kill \(kill)")
        continue
      }
      // From before the last kill; the whole of it is looked through at the end.
      let begin = kill == KillTests.kills ? 1 : max(1, last - 100)
      let frames = try timeline.frames(in: begin...span.last)
      // What was acknowledged is there, in order and as it was; one more may have been on its way.
      let numbers = frames.map { Int64($0.frame.readings.isEmpty ? -1 : requests($0.frame) / 11) }
      let end = numbers.last ?? 0
      #expect(end >= acknowledged ?? 0, "kill \(kill)")
      #expect(numbers == Array(begin...end), "kill \(kill)")
      #expect(try Database(path: path, mode: .reading).number("SELECT count(*) FROM gaps") ?? 0 < kill)
      last = end
    }
    #expect(last > 0)
    let database = try Database(path: path, mode: .recording)
    let check = try database.statement("PRAGMA integrity_check")
    #expect(try check.step())
    #expect(check.text(0) == "ok")
  }

  private func requests(_ frame: Frame) -> Int64 {
    guard case .sample(.web(let status)) = frame.readings[0].outcome else { return -1 }
    return status.requests
  }

  /// The last number that was acknowledged before the program was killed; nil where there was none.
  private func recordAndKill(_ path: String, from begin: Int64, afterLines lines: Int) throws -> Int64? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: builtProgram("RecorderHarness"))
    process.arguments = [path, String(begin)]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    var text = Data()
    while text.count(where: { $0 == 10 }) < lines {
      let more = pipe.fileHandleForReading.availableData
      guard !more.isEmpty else { throw TestFailure("the recorder ended: \(process.terminationStatus)") }
      text += more
    }
    kill(process.processIdentifier, SIGKILL)
    text += pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    // A line without an end was being written.
    return String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast().last.flatMap { Int64($0) }
  }
}
