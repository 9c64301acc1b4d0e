import Cluster

/// A way to ask one source one thing, one exchange at a time.
protocol Transport: AnyObject {
  /// What came in the last exchange; valid until the next one begins.
  var reply: ReplyBuffer { get }

  /// Is called when more of the reply has come, and more may. Who reads short replies only never calls it.
  var onMore: (() -> Void)? { get set }

  /// Begins an exchange, and calls `ended` once when it is over, never before this returns. At the deadline
  /// the connection is closed and the exchange has failed.
  func begin(deadline: Deadline, _ ended: @escaping (Result<Void, ReadFailure>) -> Void)

  /// Ends the exchange that is under way, closes its connection, and calls nobody.
  func abandon()
}

extension Transport {
  var onMore: (() -> Void)? {
    get { nil }
    set {}
  }
}

/// Until when a poll has to be over, and how long that was from its beginning.
struct Deadline {
  var at: Uptime
  var after: Duration

  init(_ duration: Duration, from start: Uptime) {
    at = start + duration
    after = duration
  }
}
