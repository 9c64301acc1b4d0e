import Cluster
import Platform
import Wire

/// Asks nobody: what a poll gives is what has come by itself since the poll before. As long as nothing ever has,
/// a poll waits for it: an agent that has only just begun to listen has no reason to complain.
final class StatsdTransport: Transport {
  let reply = ReplyBuffer(limit: 0)

  private let listener: StatsdListener
  private let count: StatsdCount
  private let loop: EventLoop
  /// Which exchange is under way, so that what was asked for an earlier one is not taken for it.
  private var turn = 0
  private var ended: ((Result<Void, ReadFailure>) -> Void)?
  private var patience = Duration.zero
  private var isListening = false
  private lazy var deadlineTimer = loop.timer { [unowned self] _ in
    end(.failure(isListening ? .nothingSent : .timedOut(after: patience, received: 0)))
  }

  init(_ count: StatsdCount, from listener: StatsdListener, loop: EventLoop) {
    self.count = count
    self.listener = listener
    self.loop = loop
  }

  func begin(deadline: Deadline, _ ended: @escaping (Result<Void, ReadFailure>) -> Void) {
    abandon()
    self.ended = ended
    patience = deadline.after
    // The name of the place may have to be looked up.
    deadlineTimer.arm(at: deadline.at)
    let turn = turn
    loop.later { [weak self] in
      guard let self, turn == self.turn else { return }
      listener.listen { [weak self] result in
        guard let self, turn == self.turn else { return }
        if case .success = result, !count.tally.hasHeard { wait() } else { end(result) }
      }
    }
  }

  private func wait() {
    isListening = true
    let turn = turn
    count.onFirst = { [weak self] in
      // Not while the listener is at work: what is done with a reading may be the end of it.
      self?.loop.later {
        if let self, turn == self.turn { self.end(.success(())) }
      }
    }
  }

  func abandon() {
    turn += 1
    isListening = false
    count.onFirst = nil
    ended = nil
    deadlineTimer.disarm()
  }

  private func end(_ result: Result<Void, ReadFailure>) {
    let ended = ended
    abandon()
    ended?(result)
  }
}
