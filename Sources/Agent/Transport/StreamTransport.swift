import CSystem
import Cluster
import Glibc
import Platform

/// One question over a unix socket or TCP, whose answer ends where the peer closes, HAProxy's way, or where it is
/// known to be whole. A question may be long, and its answer may come while it is still being sent.
///
/// Each exchange is one connection, closed at its end however it ends: HAProxy has few places for its
/// operators, and a connection that hangs must not keep one.
final class StreamTransport: Transport {
  private(set) var reply: ReplyBuffer
  var onMore: (() -> Void)?
  /// Whether anything was sent in the last exchange: what was not cannot have reached the peer.
  private(set) var hasSent = false

  private var request: [UInt8]
  private let address: StreamAddress
  private let loop: EventLoop
  private let namespace: NetworkNamespace?
  private let names: NameCache?
  private let isWhole: ((Span<UInt8>) -> Bool)?

  private var state = State.idle
  private var connection: Connection?
  private var deadline: Deadline?
  private var ended: ((Result<Void, ReadFailure>) -> Void)?
  /// Addresses that are still to be tried, next one last.
  private var untried: [tt_address] = []

  private lazy var deadlineTimer = loop.timer { [unowned self] _ in deadlineHasCome() }
  private lazy var retryTimer = loop.timer { [unowned self] _ in connectToNext() }

  /// How long to wait where the backlog of a unix socket is full; Linux does not say when it no longer is.
  private static let retryDelay = Duration.milliseconds(5)

  private enum State {
    case idle, resolving, connecting, sending(from: Int), receiving
    /// It has failed already, but `begin` is still at work.
    case failed(ReadFailure)
  }

  private struct Connection: ~Copyable {
    let descriptor: Descriptor
    let watch: Watch
    var interest: Interest
  }

  /// - Parameters:
  ///   - namespace: the network in which the connection is made; nil for the one this program is in.
  ///   - isWhole: whether nothing more comes after what has come; nil where the peer says so by closing.
  init(
    to address: StreamAddress, request: [UInt8], limit: Int, loop: EventLoop,
    within namespace: NetworkNamespace? = nil, isWhole: ((Span<UInt8>) -> Bool)? = nil
  ) {
    self.isWhole = isWhole
    self.address = address
    self.namespace = namespace
    self.request = request
    self.loop = loop
    reply = ReplyBuffer(limit: limit)
    names =
      switch address {
      case .unix: nil
      case .tcp(let host, let port): NameCache(host: host, port: port, loop: loop)
      }
  }

  deinit { close() }

  /// From now on asks something else. Nothing has been sent or has come of that.
  func ask(_ request: [UInt8]) {
    abandon()
    self.request = request
    reply.clear()
    hasSent = false
  }

  func begin(deadline: Deadline, _ ended: @escaping (Result<Void, ReadFailure>) -> Void) {
    abandon()
    reply.clear()
    hasSent = false
    self.deadline = deadline
    self.ended = ended
    deadlineTimer.arm(at: deadline.at)
    switch address {
    case .unix(let path):
      var unix = tt_address()
      let result = path.utf8.withContiguousStorageIfAvailable { bytes in
        bytes.withMemoryRebound(to: CChar.self) { tt_address_unix(&unix, $0.baseAddress, $0.count) }
      }
      // A path that fits no socket address cannot have a socket.
      if result != 0 { return endLater(.system(errno: ENAMETOOLONG, doing: "connect")) }
      untried = [unix]
      connectToNext()
    case .tcp(let host, _):
      state = .resolving
      names?.addresses { [unowned self] found in
        if found.isEmpty { return endLater(.unresolved(host: printable(host))) }
        untried = found.reversed()
        connectToNext()
      }
    }
  }

  func abandon() {
    ended = nil
    close()
  }

  // MARK: Steps

  private func connectToNext() {
    state = .connecting
    guard var next = untried.popLast() else { return endLater(.refused) }
    var isPending: Int32 = 0
    let raw: Int32
    do {
      raw =
        try namespace.map { namespace throws(SystemError) in
          try namespace.within { tt_connect(&next, &isPending) }
        } ?? tt_connect(&next, &isPending)
    } catch {
      return endLater(.system(errno: error.errno, doing: error.doing))
    }
    if raw == -EAGAIN, case .unix = address {
      untried.append(next)
      return retryTimer.arm(after: StreamTransport.retryDelay)
    }
    if raw < 0 { return connectFailed(errno: -raw) }
    do {
      let descriptor = Descriptor(owning: raw)
      let interest: Interest = isPending != 0 ? .writing : .reading
      let watch = try loop.watch(raw, for: interest) { [unowned self] _ in isReady() }
      connection = Connection(descriptor: descriptor, watch: watch, interest: interest)
    } catch {
      return endLater(.system(errno: error.errno, doing: error.doing))
    }
    if isPending == 0 { send(from: 0) }
  }

  private func connectFailed(errno: Int32) {
    if untried.isEmpty { return endLater(ReadFailure(connecting: address, errno: errno)) }
    disconnect()
    connectToNext()
  }

  private func isReady() {
    guard let raw = connection?.descriptor.raw else { return }
    switch state {
    case .idle, .resolving, .failed: break
    case .connecting:
      let error = -tt_connect_result(raw)
      if error == 0 { send(from: 0) } else { connectFailed(errno: error) }
    case .sending(let sent):
      // A peer that is not listened to stops listening.
      receive(raw)
      // That may have been the end of it, and of the state.
      if case .sending = state { send(from: sent) }
    case .receiving:
      receive(raw)
    }
  }

  private func send(from start: Int) {
    guard let raw = connection?.descriptor.raw else { return }
    var sent = start
    while sent < request.count {
      let count = request.withUnsafeBytes {
        tt_send(raw, $0.baseAddress?.advanced(by: sent), $0.count - sent)
      }
      if count == -Int(EAGAIN) {
        state = .sending(from: sent)
        return wait(for: [.reading, .writing])
      }
      // The peer has closed already; what it said before that is still to be read.
      if count < 0 { break }
      sent += count
      hasSent = true
    }
    state = .receiving
    wait(for: .reading)
  }

  private func wait(for interest: Interest) {
    guard let watch = connection?.watch, connection?.interest != interest else { return }
    do {
      try loop.change(watch, to: interest)
      connection?.interest = interest
    } catch {
      endLater(.system(errno: error.errno, doing: error.doing))
    }
  }

  private func receive(_ raw: Int32) {
    let before = reply.count
    // A bounded number of reads in one go, so that a fast peer with a long reply leaves time for others.
    for _ in 0..<16 {
      let count = reply.fill { tt_receive(raw, $0.baseAddress, $0.count) }
      if count == -Int(EAGAIN) { break }
      if reply.isOverLimit { return end(.failure(.tooLarge(limit: reply.limit))) }
      if count > 0 {
        if let isWhole, reply.withBytes(isWhole) { return end(.success(())) }
        continue
      }
      // Closed with data unread (reset) or closed before a word: either way the reply never was.
      if count < 0 || reply.count == 0 { return end(.failure(.truncated(received: reply.count))) }
      return end(.success(()))
    }
    if reply.count > before { onMore?() }
  }

  // MARK: The end

  private func deadlineHasCome() {
    guard let deadline else { return }
    if case .connecting = state { names?.turn() }
    end(.failure(.timedOut(after: deadline.after, received: reply.count)))
  }

  /// For failures that may be found while `begin` is still at work.
  private func endLater(_ failure: ReadFailure) {
    close()
    state = .failed(failure)
    loop.later { [weak self] in
      if let self, case .failed(let failure) = state { end(.failure(failure)) }
    }
  }

  private func end(_ result: Result<Void, ReadFailure>) {
    close()
    let ended = ended
    self.ended = nil
    ended?(result)
  }

  private func disconnect() {
    if let watch = connection?.watch { loop.unwatch(watch) }
    connection = nil
  }

  private func close() {
    deadlineTimer.disarm()
    retryTimer.disarm()
    names?.stopWaiting()
    disconnect()
    untried.removeAll(keepingCapacity: true)
    state = .idle
  }
}
