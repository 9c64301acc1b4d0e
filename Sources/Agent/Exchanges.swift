import Cluster
import Platform

/// What is sent to one source besides its polls: one exchange at a time, in the order in which they were
/// asked for, so that it never takes more than one of the peer's few places.
final class Exchanges {
  private let stream: StreamTransport
  private let transport: any Transport
  private let loop: EventLoop
  private var waiting: [Exchange] = []
  private var current: Exchange?
  private var began: Moment?

  /// - Parameter way: leads to the stream, where there is more to it than connecting.
  init(over stream: StreamTransport, by way: (any Transport)?, loop: EventLoop) {
    self.stream = stream
    self.loop = loop
    transport = way ?? stream
  }

  func add(_ exchange: Exchange) {
    waiting.append(exchange)
    if current == nil { beginNext() }
  }

  /// Closes the connection. Nobody is called any more.
  func stop() {
    transport.abandon()
    waiting = []
    current = nil
  }

  private func beginNext() {
    // One that nobody wants any more is not even sent.
    waiting.removeAll { $0.ended == nil }
    guard !waiting.isEmpty else { return }
    let next = waiting.removeFirst()
    current = next
    let now = loop.now
    began = now
    stream.ask(next.request)
    transport.begin(deadline: Deadline(next.patience, from: now.uptime)) { [unowned self] result in
      took(result)
    }
  }

  private func took(_ result: Result<Void, ReadFailure>) {
    let now = loop.now
    var failure: ReadFailure?
    if case .failure(let reason) = result { failure = reason }
    let reply = stream.reply.withBytes { bytes in bytes.withUnsafeBufferPointer { Array($0) } }
    let end = ExchangeEnd(
      reply: reply, failure: failure, wasSent: stream.hasSent, took: began.map { now.since($0) } ?? .zero)
    let ended = current?.ended
    current = nil
    beginNext()
    ended?(end)
  }
}
