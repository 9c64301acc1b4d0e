import Cluster

extension PathState {
  /// What became of the connection, in words.
  var word: String {
    switch self {
    case .open: "open"
    case .refused: "connection refused"
    case .silent: "no answer"
    case .unreachable: "unreachable"
    }
  }
}
