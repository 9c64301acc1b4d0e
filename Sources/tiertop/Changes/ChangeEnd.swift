/// How a command that changes something ends.
enum ChangeEnd: String {
  case confirmed
  case partial
  case unreachable
  /// The layout's floor forbids it.
  case floor
  /// It was changed, and what was waited for did not come.
  case timedOut = "timed out"
  /// Somebody answered no.
  case declined
  case interrupted

  var status: ExitStatus {
    switch self {
    case .confirmed: .good
    case .partial, .declined: .bad
    case .unreachable: .unreachable
    case .floor: .floor
    case .timedOut: .timedOut
    case .interrupted: .interrupted
    }
  }
}
