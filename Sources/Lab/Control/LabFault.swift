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
  /// Every connection that it takes, or every worker that it has, is taken and kept.
  case full
  /// A replica is this much behind its primary.
  case lag(Duration)
  case stopReplication
  /// A load balancer does not hear the others any more.
  case splitBrain

  /// Reads `slow 300ms`, `kill` and so on, as the command line says them.
  init(kind word: String, value: String?) throws(LabError) {
    guard let kind = FaultKind(rawValue: word) else { throw .unknownFault(word) }
    if kind.value == nil, let value { throw .badFaultValue(kind, value) }
    let given = value ?? kind.value ?? ""
    switch kind {
    case .kill: self = .kill
    case .hang: self = .hang
    case .cut: self = .cut
    case .full: self = .full
    case .stopReplication: self = .stopReplication
    case .splitBrain: self = .splitBrain
    case .slow: self = .slow(try Self.duration(given, kind))
    case .lag: self = .lag(try Self.duration(given, kind))
    case .errors: self = .errors(try Self.share(given, kind))
    case .loss: self = .loss(try Self.share(given, kind))
    }
  }

  private static func duration(_ text: String, _ kind: FaultKind) throws(LabError) -> Duration {
    // Databases know a delay in whole seconds.
    let least = kind == .lag ? Duration.seconds(1) : .milliseconds(1)
    guard let duration = Duration(parsing: text), duration >= least else {
      throw .badFaultValue(kind, text)
    }
    return duration
  }

  private static func share(_ text: String, _ kind: FaultKind) throws(LabError) -> Double {
    guard text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...100).contains(percent) else {
      throw .badFaultValue(kind, text)
    }
    return percent / 100
  }

  var kind: FaultKind {
    switch self {
    case .kill: .kill
    case .hang: .hang
    case .slow: .slow
    case .errors: .errors
    case .loss: .loss
    case .cut: .cut
    case .full: .full
    case .lag: .lag
    case .stopReplication: .stopReplication
    case .splitBrain: .splitBrain
    }
  }

  /// As the command line says them.
  var words: String {
    switch self {
    case .slow(let time): "\(kind.rawValue) \(time.milliseconds)ms"
    case .errors(let share), .loss(let share): "\(kind.rawValue) \(Int((share * 100).rounded()))%"
    case .lag(let time): "\(kind.rawValue) \(time.milliseconds / 1000)s"
    case .kill, .hang, .cut, .full, .stopReplication, .splitBrain: kind.rawValue
    }
  }
}

extension Duration {
  var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
