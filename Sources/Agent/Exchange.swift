public import Cluster

/// How an exchange with a source ended: one that was asked for, and is no poll.
public struct ExchangeEnd: Sendable {
  /// What came, as far as it came.
  public var reply: [UInt8]
  /// Why the exchange ended before the peer closed it; nil where the peer did.
  public var failure: ReadFailure?
  /// Whether anything was sent. Where nothing was, the peer cannot have done anything.
  public var wasSent: Bool
  /// From its beginning, connecting included, to its end.
  public var took: Duration
}

/// An exchange that is under way, or waits for its turn.
public final class Exchange {
  let request: [UInt8]
  let patience: Duration
  private(set) var ended: ((ExchangeEnd) -> Void)?

  init(_ request: [UInt8], patience: Duration, ended: @escaping (ExchangeEnd) -> Void) {
    self.request = request
    self.patience = patience
    self.ended = ended
  }

  /// Nobody is called any more. What is under way ends when it ends: half a request would be no better.
  public func abandon() { ended = nil }
}
