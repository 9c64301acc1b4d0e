import Foundation
import Testing

/// A document of `history --json`, as another program reads it.
struct HistoryAnswer: Decodable {
  var version: Int
  var cluster: String
  var of: String
  var name: String?
  var since: String
  var until: String
  var by: String
  var points: [Point]

  struct Point: Decodable {
    var at: String
    var qps: Figure?
    var latencyAvgMs: Figure?
    var errorRate: Figure?
    var sessions: Figure?
  }

  struct Figure: Decodable {
    var min: Double
    var mean: Double
    var max: Double
    var count: Int
  }

  init(_ outcome: Outcome) throws { self = try answer(outcome) }
}

/// A document of `events --json`.
struct EventsAnswer: Decodable {
  var version: Int
  var cluster: String
  var since: String
  var until: String
  var events: [Event]

  struct Event: Decodable {
    var at: String
    var until: String?
    var kind: String
    var node: String?
    var from: String?
    var to: String?
    var servers: [String]
    var by: String?
    var words: String
  }

  init(_ outcome: Outcome) throws { self = try answer(outcome) }
}

/// A document of `incidents --json`.
struct IncidentsAnswer: Decodable {
  var version: Int
  var cluster: String
  var recordedUntil: String
  var incidents: [Incident]
  var objective: Double
  var service: [Service]

  struct Service: Decodable {
    var of: String
    var name: String?
    var windows: [Window]
  }

  struct Window: Decodable {
    var windowS: Double
    var knownS: Double
    var downS: Double?
    var requests: Int?
    var failed: Int?
    var timeShare: Double?
    var requestShare: Double?
    var budgetLeft: Double?
  }

  struct Incident: Decodable {
    var start: String
    var end: String?
    var lastedS: Double
    var worst: String
    var outage: Bool
    var errorRateMax: Double?
    var requests: Int?
    var failed: Int?
    var countedBy: String?
    var nodes: [String]
    var events: Int
  }

  init(_ outcome: Outcome) throws { self = try answer(outcome) }
}

private func answer<Answer: Decodable>(_ outcome: Outcome) throws -> Answer {
  guard outcome.status == 0 else { throw NoAnswer(errors: outcome.errors) }
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(Answer.self, from: Data(outcome.output.utf8))
}

/// There was no document, and what was said instead.
private struct NoAnswer: Error {
  var errors: String
}
