import Cluster
import Dashboard

extension Roll.Phase {
  /// What is being done to a node, or was.
  var words: String {
    switch self {
    case .waiting: "not touched"
    case .skipped: "skipped: it had been taken out before"
    case .draining: "draining"
    case .emptying: "drained on all load balancers; waiting until it has no sessions"
    case .running: "no session is left; running the command"
    case .checking: "the command ended well; waiting until its checks pass"
    case .readying: "its checks pass; making it ready"
    case .comingUp: "ready on all load balancers; waiting until it serves"
    case .done: "done: it serves again"
    case .returning: "making it ready again: its command was not run"
    case .returned: "ready again; its command was not run"
    case .failed(let fault): fault.words
    }
  }

  /// The same in one word, for programs.
  var word: String {
    switch self {
    case .waiting: "untouched"
    case .skipped: "skipped"
    case .draining, .emptying: "draining"
    case .running: "running"
    case .checking: "checking"
    case .readying, .comingUp: "readying"
    case .done: "done"
    case .returning: "returning"
    case .returned: "returned"
    case .failed: "failed"
    }
  }
}

extension Roll.Fault {
  /// What went wrong, and how the node stands.
  var words: String {
    switch self {
    case .notDrained: "stopped: it is not drained on all load balancers"
    case .floor(let breach): "stopped before it was touched: \(breach.words)"
    case .sessions(let left?):
      "stopped: \(left) \(left == 1 ? "session is" : "sessions are") left; it stays drained"
    case .sessions(nil): "stopped: nobody has counted its sessions; it stays drained"
    case .command(let end): "stopped: \(end.words); it stays drained"
    case .checks(let row?, let words):
      "stopped: \(printable(row.server.description)) on \(row.balancer) is \(words); it stays drained"
    case .checks(nil, _): "stopped: nobody has seen its checks pass; it stays drained"
    case .notReady: "stopped: it is not ready on all load balancers"
    case .notServing(let row?):
      "stopped: \(printable(row.server.description)) does not serve on \(row.balancer), though it is ready"
    case .notServing(nil): "stopped: no load balancer knows it any more"
    case .interrupted: "interrupted: it is left as it is"
    }
  }

  /// How a roll ends that has stopped at this.
  var end: ChangeEnd {
    switch self {
    case .floor: .floor
    case .sessions, .checks, .notServing: .timedOut
    case .interrupted: .interrupted
    case .notDrained, .command, .notReady: .partial
    }
  }
}

extension Roll.CommandEnd {
  var words: String {
    switch self {
    case .exited(let code): "its command ended with status \(code)"
    case .killed(let signal): "its command was ended by signal \(signal)"
    case .notStarted(let words): "its command was not started: \(words)"
    }
  }
}
