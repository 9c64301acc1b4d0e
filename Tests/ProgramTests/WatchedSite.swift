import Foundation
import Testing

/// A site under load, with a dashboard in a terminal that watches it and records what it sees. What was played is held
/// against the record, by the times that are written there: how soon a busy machine lets a test look is no matter.
final class WatchedSite {
  let site: RunningSite
  let memory: OwnMemory
  let screen: TmuxScreen
  /// The layout that is watched: the running one, with what the test wants otherwise.
  let layout: String

  init(
    _ name: String = "demo", width: Int = 140, height: Int = 40, _ change: (String) -> String = { $0 }
  ) throws {
    site = try RunningSite(name, load: true)
    memory = try OwnMemory()
    layout = memory.directory.appendingPathComponent("layout.yaml").path
    try change(site.text).write(toFile: layout, atomically: true, encoding: .utf8)
    screen = try TmuxScreen([layout], width: width, height: height, memory: memory)
  }

  var layoutText: String { (try? String(contentsOfFile: layout, encoding: .utf8)) ?? "" }

  /// Whether, before long, nothing is wrong, twice in a row.
  func isCalm() -> Bool {
    for _ in 0..<3 where screen.shows("all is well") {
      usleep(400_000)
      if screen.text.contains("all is well") { return true }
    }
    return false
  }

  /// Plays a fault, and returns by when it was played: seconds since 1970.
  func play(_ words: String) throws -> Double {
    let arguments = words.split(separator: " ").map(String.init)
    let outcome = try tiertop(["lab", "fault"] + arguments + [site.layout])
    #expect(outcome.status == 0, "\(words): \(outcome.errors)")
    return Date().timeIntervalSince1970
  }

  func heal(_ node: String = "all") throws -> Double {
    let outcome = try tiertop(["lab", "heal", node, site.layout])
    #expect(outcome.status == 0, "\(node): \(outcome.errors)")
    return Date().timeIntervalSince1970
  }

  /// Everything that has been recorded since a time, oldest first.
  func events(since start: Double) throws -> [EventsAnswer.Event] {
    let events = try EventsAnswer(memory.tiertop(["events", "--json", layout])).events
    return events.filter { $0.seconds >= start }
  }

  /// The first event of a node since a time that has all of the words, once it is recorded; fails without.
  func event(
    of node: String, _ words: [String], since start: Double, location: SourceLocation = #_sourceLocation
  ) throws -> EventsAnswer.Event {
    var found: EventsAnswer.Event?
    var all: [EventsAnswer.Event] = []
    for _ in 0..<2 where found == nil {
      _ = holds {
        all = (try? self.events(since: start)) ?? all
        found = all.first { event in
          event.node == node && words.allSatisfy { "\(event.kind) \(event.words)".contains($0) }
        }
        if found == nil { usleep(150_000) }
        return found != nil
      }
    }
    let story = all.map { String(format: "%+.2f ", $0.seconds - start) + "\($0.node ?? "-") \($0.words)" }
    return try #require(
      found, "\(node) \(words)\n\(story.joined(separator: "\n"))\n\(screen.text)", sourceLocation: location)
  }
}

extension EventsAnswer.Event {
  /// When it was, in seconds since 1970.
  var seconds: Double {
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    return (try? style.parse(at))?.timeIntervalSince1970 ?? 0
  }
}
