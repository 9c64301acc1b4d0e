import Foundation

/// A document of `once --json`, as another program reads it.
struct Document: Decodable {
  var version: Int
  var cluster: String
  var at: String
  var intervalS: Double
  var health: String
  var nodes: [Node]
  var edges: [Edge]

  struct Node: Decodable {
    var node: String
    var tier: String
    var state: String
    var reason: String?
    var ageS: Double?
    var qps: Double?
    var requests: Int?
    var errors: Int?
    var latencyAvgMs: Double?
    var errorRate: Double?
    var sessions: Int?
    var queue: Int?
    var servers: [Server]
    var own: Own
    var sources: [Source]
  }

  struct Own: Decodable {
    var workers: Workers?
    var host: Host?
    var database: Database?
    var router: [Router]?
    var address: Address?
    var name: Name?
    var firewall: Firewall?

    struct Workers: Decodable {
      var requests: Int?
      var errors: Int?
      var latencyAvgMs: Double?
      var latencyP99Ms: Double?
      var percentilesExact: Bool?
      var busy: Int?
      var idle: Int?
      var queue: Int?
    }

    struct Host: Decodable {
      var cpu: Double?
      var cpus: Int?
      var load1: Double?
      var memory: Double?
      var disk: Double?
      var diskMount: String?
    }

    struct Database: Decodable {
      var version: String
      var qps: Double?
      var connections: Int?
      var connectionLimit: Int?
      var readOnly: Bool?
      var replicas: Int?
      var replication: Replication?

      struct Replication: Decodable {
        var source: String?
        var receiving: String
        var applying: String
        var lagS: Double?
        var error: String?
      }
    }

    struct Router: Decodable {
      var instance: String
      var state: String
      var since: String?
      var priority: Int?
      var addresses: [String]
    }

    struct Address: Decodable {
      var holders: [String]
      var since: String?
      var moves: Int
      var answers: Bool?
      var tries: Int?
      var failures: Int?
    }

    struct Name: Decodable {
      var code: Int
      var addresses: [String]
      var ttlS: Int?
      var server: String
    }

    struct Firewall: Decodable {
      var acceptedConnectionsS: Double?
      var droppedPacketsS: Double?
      var paths: [Path]

      struct Path: Decodable {
        var to: String
        var allowed: Bool
        var found: String?
        var right: Bool?
      }
    }
  }

  struct Server: Decodable {
    var lb: String
    var backend: String
    var server: String
    var status: String
    var admin: String
    var weight: Int?
  }

  struct Source: Decodable {
    var source: String
    var ok: Bool
    var error: String?
  }

  struct Edge: Decodable {
    var from: String?
    var to: String
    var qps: Double?
    var connectionsS: Double?
    var basis: String?
  }

  init(_ line: String) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(Document.self, from: Data(line.utf8))
  }

  subscript(name: String) -> Node? { nodes.first { $0.node == name } }
}
