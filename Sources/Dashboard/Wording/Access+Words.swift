import Cluster

extension Access {
  /// `READ-WRITE`, `READ-WRITE 1/2`, `READ-ONLY`.
  var mark: String {
    switch self {
    case .readWrite(let count, let of): count == of ? "READ-WRITE" : "READ-WRITE \(count)/\(of)"
    case .readOnly: "READ-ONLY"
    }
  }
}

extension Access.Reason {
  /// Why a key does nothing.
  var words: String {
    switch self {
    case .asked: "read-only: tiertop was started with --read-only"
    case .file: "what was saved in a file is shown: there is nothing to be changed"
    case .obstacle(let obstacle): "read-only: \(obstacle.words)"
    case .noBalancer: "read-only: there is no HAProxy to tell anything to"
    }
  }
}
