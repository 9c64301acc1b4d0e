import Cluster
import Platform

/// A transport whose way leads through a tunnel: it waits for the tunnel the first time, and says what is
/// wrong with it where that is why there is no reply.
final class TunnelTransport: Transport {
  var reply: ReplyBuffer { inner.reply }
  var onMore: (() -> Void)? {
    get { inner.onMore }
    set { inner.onMore = newValue }
  }

  private let inner: any Transport
  private let tunnel: Tunnels.Entrance
  private let loop: EventLoop
  private var deadline: Deadline?
  private var ended: ((Result<Void, ReadFailure>) -> Void)?
  private lazy var deadlineTimer = loop.timer { [unowned self] _ in
    end(.failure(.tunnel(words: "connecting")))
  }

  init(_ inner: any Transport, through tunnel: Tunnels.Entrance, loop: EventLoop) {
    self.inner = inner
    self.tunnel = tunnel
    self.loop = loop
  }

  func begin(deadline: Deadline, _ ended: @escaping (Result<Void, ReadFailure>) -> Void) {
    abandon()
    self.deadline = deadline
    self.ended = ended
    deadlineTimer.arm(at: deadline.at)
    // Never from within `begin`, whatever the tunnel's state is.
    loop.later { [weak self] in self?.look() }
  }

  func abandon() {
    deadlineTimer.disarm()
    ended = nil
    deadline = nil
    inner.abandon()
  }

  /// The tunnel's state has changed, or is to be looked at for the first time.
  func look() {
    guard let deadline, deadlineTimer.isArmed else { return }
    switch tunnel.state {
    case .opening: break
    case .closed(let words): end(.failure(.tunnel(words: words)))
    case .open:
      deadlineTimer.disarm()
      tunnel.forgetWords()
      inner.begin(deadline: deadline) { [unowned self] result in
        end(result.mapError(explained))
      }
    }
  }

  /// What happens to the local socket is the tunnel's doing.
  private func explained(_ failure: ReadFailure) -> ReadFailure {
    switch failure {
    case .missing, .refused, .accessDenied:
      if case .closed(let words) = tunnel.state { return .tunnel(words: words) }
      return .tunnel(words: tunnel.latestWords() ?? "closed")
    case .truncated(received: 0):
      // The client takes the connection, asks the host, is refused, says so, and closes.
      return tunnel.latestWords().map { .tunnel(words: $0) } ?? failure
    default: return failure
    }
  }

  private func end(_ result: Result<Void, ReadFailure>) {
    let ended = ended
    abandon()
    ended?(result)
  }
}
