import CSystem
import Cluster
import Glibc
import Platform
import Wire

/// A database server: one connection, which is kept open from poll to poll and made again where it is lost. The
/// reply is the pieces of its tables.
final class DatabaseTransport: Transport {
  private(set) var reply: ReplyBuffer

  private let endpoint: DatabaseEndpoint
  private let makeClient: (@escaping DatabaseClient.Take) throws(ReadFailure) -> any DatabaseClient
  private let secrets: SecretStore
  private let loop: EventLoop
  private let namespace: NetworkNamespace?
  private let names: NameCache?

  private var client: (any DatabaseClient)?
  private var state = State.idle
  private var connection: Connection?
  private var deadline: Deadline?
  private var ended: ((Result<Void, ReadFailure>) -> Void)?
  /// Whether this poll asks on a connection that an earlier one has made: it may have ended since.
  private var isOnKept = false
  /// Addresses that are still to be tried, next one last.
  private var untried: [tt_address] = []

  private lazy var deadlineTimer = loop.timer { [unowned self] _ in deadlineHasCome() }
  private lazy var stepTimer = loop.timer { [unowned self] _ in goOn(nil) }

  private enum State {
    case idle, resolving, connecting, asking
    /// It is over already, but `begin` is still at work.
    case over(Result<Void, ReadFailure>)
  }

  /// The library closes its descriptor when it wants to; what is watched is one of our own, of the same socket.
  private struct Connection: ~Copyable {
    let raw: Int32
    let descriptor: Descriptor
    let watch: Watch
    var interest: Interest
  }

  /// - Parameters:
  ///   - namespace: the network in which the connection is made; nil for the one this program is in.
  ///   - makeClient: the library's side.
  init(
    to endpoint: DatabaseEndpoint, secrets: SecretStore, limit: Int, loop: EventLoop,
    within namespace: NetworkNamespace? = nil,
    by makeClient: @escaping (@escaping DatabaseClient.Take) throws(ReadFailure) -> any DatabaseClient
  ) {
    self.endpoint = endpoint
    self.secrets = secrets
    self.loop = loop
    self.namespace = namespace
    self.makeClient = makeClient
    reply = ReplyBuffer(limit: limit)
    names =
      switch endpoint.place {
      case .unix: nil
      case .tcp(let host, let port): NameCache(host: host, port: port, loop: loop)
      }
  }

  deinit { disconnect() }

  func begin(deadline: Deadline, _ ended: @escaping (Result<Void, ReadFailure>) -> Void) {
    stop()
    reply.clear()
    self.deadline = deadline
    self.ended = ended
    deadlineTimer.arm(at: deadline.at)
    isOnKept = client?.isOpen == true
    if isOnKept { ask() } else { findPlace() }
  }

  func abandon() {
    stop()
    disconnect()
  }

  // MARK: Steps

  private func findPlace() {
    disconnect()
    isOnKept = false
    switch endpoint.place {
    case .unix(let path): connect(to: .unix(path: path))
    case .tcp(let host, _):
      state = .resolving
      names?.addresses { [unowned self] found in
        if found.isEmpty { return endLater(.unresolved(host: printable(host))) }
        untried = found.reversed()
        connectToNext()
      }
    }
  }

  private func connectToNext() {
    guard case .tcp(let host, let port) = endpoint.place, var next = untried.popLast() else {
      return endLater(.refused)
    }
    var text = [CChar](repeating: 0, count: Int(TT_ADDRESS_TEXT))
    guard tt_address_text(&next, &text, text.count) == 0 else {
      return endLater(.system(errno: EAFNOSUPPORT, doing: "connect"))
    }
    let address = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    connect(to: .tcp(address: address, port: port, name: host))
  }

  private func connect(to place: DatabasePlace) {
    disconnect()
    state = .connecting
    do {
      // Read for each connection and kept nowhere: a secret may be changed while this runs.
      var password: String?
      if let credentials = endpoint.credentials { password = try secrets.read(credentials.password) }
      let client = try makeClient { [unowned self] piece, bytes in take(piece, bytes) }
      self.client = client
      let user = endpoint.credentials?.user ?? ownUserName()
      within { client.connect(to: place, as: user, password: password) }
    } catch {
      endLater(error)
    }
  }

  private func ask() {
    state = .asking
    reply.clear()
    within { client?.ask() ?? .failed(.lost) }
  }

  private func goOn(_ readiness: Readiness?) {
    switch state {
    case .connecting, .asking: within { client?.goOn(readiness) ?? .failed(.lost) }
    case .idle, .resolving, .over: break
    }
  }

  /// Makes a step, and does what it leads to. While connecting the library may make a socket in each of them.
  private func within(_ step: () -> DatabaseStep) {
    var made: DatabaseStep
    if case .connecting = state, let namespace {
      do throws(SystemError) {
        made = try namespace.within(step)
      } catch {
        return endLater(.system(errno: error.errno, doing: error.doing))
      }
    } else {
      made = step()
    }
    switch made {
    case .waits(let interest, let most): wait(for: interest, atMost: most)
    case .failed(let fault): failed(fault)
    case .done:
      if case .connecting = state { return ask() }
      if let client { client.learn(from: reply) }
      overLater(.success(()))
    }
  }

  private func wait(for interest: Interest, atMost most: Duration?) {
    if let most { stepTimer.arm(after: most) } else { stepTimer.disarm() }
    guard let raw = client?.socket, raw >= 0 else { return failed(.lost) }
    do throws(SystemError) {
      // While it connects, another socket may have the same number.
      if case .asking = state, let watch = connection?.watch, connection?.raw == raw,
        let known = connection?.interest
      {
        if known != interest { try loop.change(watch, to: interest) }
        connection?.interest = interest
        return
      }
      unwatch()
      let own = fcntl(raw, F_DUPFD_CLOEXEC, 0)
      if own < 0 { throw SystemError(errno: errno, doing: "dup") }
      let descriptor = Descriptor(owning: own)
      let watch = try loop.watch(own, for: interest) { [unowned self] readiness in goOn(readiness) }
      connection = Connection(raw: raw, descriptor: descriptor, watch: watch, interest: interest)
    } catch {
      endLater(.system(errno: error.errno, doing: error.doing))
    }
  }

  private func take(_ piece: UInt8, _ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let piece = ResultPiece(rawValue: piece) else { return false }
    let head = piece.head(length: bytes.count)
    return head.withUnsafeBytes { reply.append($0) } && (bytes.isEmpty || reply.append(bytes))
  }

  private func failed(_ fault: DatabaseFault) {
    if reply.isOverLimit { return endLater(.tooLarge(limit: reply.limit)) }
    // It has ended between the polls, which is no failure of the server's yet.
    if isOnKept, client?.isOpen != true { return findPlace() }
    switch fault {
    case .failure(let failure): endLater(failure)
    case .lost: endLater(.truncated(received: reply.count))
    case .unreachable(let errno):
      if case .connecting = state, !untried.isEmpty { return connectToNext() }
      names?.turn()
      let address =
        switch endpoint.place {
        case .unix(let path): StreamAddress.unix(path: path)
        case .tcp(let host, let port): StreamAddress.tcp(host: host, port: port)
        }
      endLater(errno == ECONNRESET ? .truncated(received: 0) : ReadFailure(connecting: address, errno: errno))
    }
  }

  // MARK: The end

  private func deadlineHasCome() {
    guard let deadline else { return }
    if case .connecting = state { names?.turn() }
    overLater(.failure(.timedOut(after: deadline.after, received: reply.count)))
  }

  private func endLater(_ failure: ReadFailure) { overLater(.failure(failure)) }

  /// Steps are made while `begin` is at work, and from within handlers of what they close.
  private func overLater(_ result: Result<Void, ReadFailure>) {
    deadlineTimer.disarm()
    rest()
    if client?.isOpen != true { disconnect() }
    state = .over(result)
    loop.later { [weak self] in
      guard let self, case .over(let result) = state else { return }
      let ended = ended
      stop()
      ended?(result)
    }
  }

  /// Ends the poll that is under way. Its connection is kept where nothing is going on in it.
  private func stop() {
    deadlineTimer.disarm()
    rest()
    ended = nil
    state = .idle
    if client?.isOpen != true { disconnect() }
  }

  /// Waits for nothing any more.
  private func rest() {
    stepTimer.disarm()
    names?.stopWaiting()
    untried.removeAll(keepingCapacity: true)
    unwatch()
  }

  private func unwatch() {
    if let watch = connection?.watch { loop.unwatch(watch) }
    connection = nil
  }

  private func disconnect() {
    stepTimer.disarm()
    unwatch()
    client = nil
  }
}

/// The name of the user that runs this program.
private func ownUserName() -> String {
  var entry = passwd()
  var found: UnsafeMutablePointer<passwd>?
  var room = [CChar](repeating: 0, count: 4096)
  guard getpwuid_r(geteuid(), &entry, &room, room.count, &found) == 0, found != nil, let name = entry.pw_name
  else { return "" }
  return String(cString: name)
}
