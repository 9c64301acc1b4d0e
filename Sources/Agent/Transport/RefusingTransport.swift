import Cluster
import Platform

/// Stands for a source that cannot be asked the way its endpoint says: every poll of it fails with the reason,
/// so that it is seen where all failures are.
final class RefusingTransport: Transport {
  let reply = ReplyBuffer(limit: 0)

  private let failure: ReadFailure
  private let loop: EventLoop
  private var ended: ((Result<Void, ReadFailure>) -> Void)?

  init(_ failure: ReadFailure, loop: EventLoop) {
    self.failure = failure
    self.loop = loop
  }

  func begin(deadline: Deadline, _ ended: @escaping (Result<Void, ReadFailure>) -> Void) {
    self.ended = ended
    loop.later { [weak self] in
      guard let self, let ended = self.ended else { return }
      self.ended = nil
      ended(.failure(failure))
    }
  }

  func abandon() { ended = nil }
}
