import CSystem
import Cluster
import Glibc
import Platform

/// Tries whether an address can be reached: it connects, and says what became of it.
final class PathTransport: Sampler {
  private(set) var sample: Sample?

  private let address: SocketAddress
  private let namespace: NetworkNamespace?
  private let loop: EventLoop
  private var connection: ConnectionTry?
  private var ended: ((Result<Void, ReadFailure>) -> Void)?
  private lazy var deadlineTimer = loop.timer { [unowned self] _ in end(.silent) }

  init(to address: SocketAddress, loop: EventLoop, within namespace: NetworkNamespace?) {
    self.address = address
    self.loop = loop
    self.namespace = namespace
  }

  func begin(deadline: Deadline, _ ended: @escaping (Result<Void, ReadFailure>) -> Void) {
    abandon()
    sample = nil
    self.ended = ended
    var numeric = tt_address()
    guard tt_address_numeric(&numeric, address.host, address.port) == 0 else {
      return loop.later { [weak self] in self?.fail(.unresolved(host: printable(self?.address.host ?? ""))) }
    }
    deadlineTimer.arm(at: deadline.at)
    connection = ConnectionTry(to: numeric, within: namespace, loop: loop) { [unowned self] result in
      switch result {
      case .failure(let error): fail(.system(errno: error.errno, doing: error.doing))
      case .success(let error):
        if let state = PathState(connecting: error) {
          end(state)
        } else {
          fail(.system(errno: error, doing: "connect"))
        }
      }
    }
  }

  func abandon() {
    deadlineTimer.disarm()
    connection = nil
    ended = nil
  }

  private func end(_ state: PathState) {
    let ended = ended
    abandon()
    sample = .path(state)
    ended?(.success(()))
  }

  private func fail(_ failure: ReadFailure) {
    let ended = ended
    abandon()
    ended?(.failure(failure))
  }
}

extension PathState {
  /// What the end of connecting tells of the way; nil for what went wrong on this side.
  init?(connecting error: Int32) {
    switch error {
    case 0: self = .open
    case ECONNREFUSED, ECONNRESET: self = .refused
    case ETIMEDOUT: self = .silent
    // A firewall may also be on this side: what it rejects is not permitted.
    case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, EACCES, EPERM, ENOPROTOOPT, EPROTO:
      self = .unreachable
    default: return nil
    }
  }
}
