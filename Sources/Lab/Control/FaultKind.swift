import Cluster

/// The kinds of faults that can be played at a node of a lab.
public enum FaultKind: String, Sendable, Hashable, CaseIterable {
  case kill, hang, slow, errors, loss, cut, full, lag
  case stopReplication = "stop-replication"
  case splitBrain = "split-brain"

  /// As one would say it, with a value where it takes one.
  public var example: String { value.map { "\(rawValue) \($0)" } ?? rawValue }

  /// The value that it has where none is said; nil where it takes none.
  var value: String? {
    switch self {
    case .slow: "300ms"
    case .errors: "5%"
    case .loss: "20%"
    case .lag: "30s"
    case .kill, .hang, .cut, .full, .stopReplication, .splitBrain: nil
    }
  }

  /// A node of the demo at which it can be played.
  public var node: String {
    switch self {
    case .kill, .cut: "lb1"
    case .hang, .errors: "web1"
    case .slow, .loss: "app1"
    case .full: "db1"
    case .lag, .stopReplication: "db2"
    case .splitBrain: "lb2"
    }
  }

  /// What it does.
  public var summary: String {
    switch self {
    case .kill: "the program is killed, and stays away"
    case .hang: "it is stopped: it answers nothing, and keeps its connections"
    case .slow: "every answer takes that much longer"
    case .errors: "that share of answers is a 500"
    case .loss: "that share of packets is lost on the way in"
    case .cut: "the link is down"
    case .full: "all its connections, or workers, are taken and kept"
    case .lag: "a replica is that much behind"
    case .stopReplication: "a replica follows nobody"
    case .splitBrain: "a load balancer does not hear the others any more"
    }
  }

  /// Where it can be played, as what follows on "only for"; nil for everywhere.
  public var place: String? {
    switch self {
    case .slow, .errors: "web and application servers other than Apache"
    case .lag, .stopReplication: "replicas"
    case .splitBrain: "load balancers with a virtual address"
    case .kill, .hang, .loss, .cut, .full: nil
    }
  }
}

extension SitePlan {
  /// The faults that can be played at a node.
  func faults(at node: Node) -> [FaultKind] {
    FaultKind.allCases.filter { kind in
      switch kind {
      case .slow, .errors: [.nginx, .gunicorn, .uwsgi, .node, .phpFPM].contains(node.program)
      case .lag, .stopReplication: node.role == .replica && Self.databasePrograms.contains(node.program)
      case .splitBrain: node.program == .haproxy && !virtualAddresses.isEmpty
      case .kill, .hang, .loss, .cut, .full: true
      }
    }
  }
}
