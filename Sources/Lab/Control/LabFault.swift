import Cluster

/// What can be played at a node of a lab, so that it can be seen what that looks like.
enum LabFault: Sendable, Hashable {
  /// The program is killed, and stays away.
  case kill
  /// The program is stopped: it answers nothing, and keeps its connections.
  case hang
  /// Every answer takes this much longer.
  case slow(Duration)
  /// This share of answers is a 500, 0…1.
  case errors(Double)
  /// This share of packets is lost on their way in, 0…1.
  case loss(Double)
  /// The link is down.
  case cut
  /// A replica is this much behind its primary.
  case lag(Duration)
  case stopReplication
  /// A load balancer does not hear the others any more.
  case splitBrain

  /// Reads `slow 300ms`, `kill` and so on, as the command line says them.
  init(kind: String, value: String?) throws(LabError) {
    switch (kind, value) {
    case ("kill", nil): self = .kill
    case ("hang", nil): self = .hang
    case ("cut", nil): self = .cut
    case ("stop-replication", nil): self = .stopReplication
    case ("split-brain", nil): self = .splitBrain
    case ("slow", _): self = .slow(try Self.duration(value ?? "300ms", kind))
    case ("lag", _): self = .lag(try Self.duration(value ?? "30s", kind))
    case ("errors", _): self = .errors(try Self.share(value ?? "5%", kind))
    case ("loss", _): self = .loss(try Self.share(value ?? "20%", kind))
    default: throw .unknownFault(value.map { "\(kind) \($0)" } ?? kind)
    }
  }

  private static func duration(_ text: String, _ kind: String) throws(LabError) -> Duration {
    guard let duration = Duration(parsing: text) else { throw .unknownFault("\(kind) \(text)") }
    return duration
  }

  private static func share(_ text: String, _ kind: String) throws(LabError) -> Double {
    guard text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...100).contains(percent) else {
      throw .unknownFault("\(kind) \(text)")
    }
    return percent / 100
  }

  /// As the command line says them.
  var words: String {
    switch self {
    case .kill: "kill"
    case .hang: "hang"
    case .slow(let time): "slow \(time.milliseconds)ms"
    case .errors(let share): "errors \(Int((share * 100).rounded()))%"
    case .loss(let share): "loss \(Int((share * 100).rounded()))%"
    case .cut: "cut"
    case .lag(let time): "lag \(time.milliseconds / 1000)s"
    case .stopReplication: "stop-replication"
    case .splitBrain: "split-brain"
    }
  }
}

extension Duration {
  var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
