import CSystem
import Cluster
import Glibc
import Platform
import Wire

/// Asks a name server for the addresses of a name, of both kinds: by datagrams, which are sent again to the next
/// server where nothing comes, and over TCP where the answer does not fit into one.
final class NameTransport: Sampler {
  private(set) var sample: Sample?

  private let name: String
  private let servers: NameServers
  private let namespace: NetworkNamespace?
  private let loop: EventLoop

  private var asked: Asked?
  private var ended: ((Result<Void, ReadFailure>) -> Void)?
  private var deadline: Deadline?
  private lazy var deadlineTimer = loop.timer { [unowned self] _ in giveUp(.silence) }
  private lazy var againTimer = loop.timer { [unowned self] _ in giveUp(.patience) }

  /// So many times is a server asked within the deadline; where there are several, they take turns.
  static let rounds = 3

  /// What is under way.
  private final class Asked {
    let questions: [NameQuestion]
    let servers: [SocketAddress]
    var round = 0
    var replies: [NameQuestion.Kind: NameReply] = [:]
    /// Who has answered, or is asked now.
    var server: SocketAddress
    var failure: ReadFailure?
    var socket: Descriptor?
    var watch: Watch?
    var streams: [NameQuestion.Kind: StreamTransport] = [:]

    init(_ questions: [NameQuestion], of servers: [SocketAddress], first: SocketAddress) {
      self.questions = questions
      self.servers = servers
      server = first
    }
  }

  private enum Reason { case silence, patience }

  init(asking servers: NameServers, for name: String, loop: EventLoop, within namespace: NetworkNamespace?) {
    self.name = name
    self.servers = servers
    self.namespace = namespace
    self.loop = loop
  }

  deinit { close() }

  func begin(deadline: Deadline, _ ended: @escaping (Result<Void, ReadFailure>) -> Void) {
    abandon()
    sample = nil
    self.ended = ended
    self.deadline = deadline
    let questions = NameQuestion.Kind.allCases.compactMap {
      NameQuestion(name, kind: $0, id: .random(in: .min ... .max))
    }
    let servers = servers.addresses()
    guard questions.count == NameQuestion.Kind.allCases.count, let first = servers.first else {
      return loop.later { [weak self] in self?.end(.failure(.unsuited)) }
    }
    asked = Asked(questions, of: servers, first: first)
    deadlineTimer.arm(at: deadline.at)
    ask()
  }

  func abandon() {
    ended = nil
    deadline = nil
    close()
  }

  // MARK: Datagrams

  /// Asks the server whose turn it is everything that is not answered yet.
  private func ask() {
    guard let asked, let deadline else { return }
    closeSocket()
    asked.server = asked.servers[asked.round % asked.servers.count]
    asked.round += 1
    if asked.round < NameTransport.rounds { againTimer.arm(after: deadline.after / NameTransport.rounds) }
    do {
      try send(asked)
    } catch {
      asked.failure = ReadFailure(asking: error)
      closeSocket()
      askNextLater()
    }
  }

  private func send(_ asked: Asked) throws(SystemError) {
    // A socket of its own each time, and so a port that nobody knows.
    let raw = try open(asked.server)
    asked.socket = Descriptor(owning: raw)
    asked.watch = try loop.watch(raw, for: .reading) { [unowned self] _ in receive() }
    for question in asked.questions where asked.replies[question.kind] == nil {
      let message = question.message
      let sent = message.withUnsafeBytes { tt_send(raw, $0.baseAddress, $0.count) }
      if sent < 0 { throw SystemError(errno: Int32(-sent), doing: "send") }
    }
  }

  private func open(_ server: SocketAddress) throws(SystemError) -> Int32 {
    var address = tt_address()
    if tt_address_numeric(&address, server.host, server.port) != 0 {
      throw SystemError(errno: EINVAL, doing: "connect")
    }
    let raw =
      try namespace.map { namespace throws(SystemError) in
        try namespace.within { tt_datagram_open(&address) }
      } ?? tt_datagram_open(&address)
    if raw < 0 { throw SystemError(errno: -raw, doing: "connect") }
    return raw
  }

  private func receive() {
    guard let asked, let raw = asked.socket?.raw else { return }
    // Some of what comes may be no answer to us; so much of it is looked at in one go.
    for _ in 0..<8 {
      var datagram = [UInt8](repeating: 0, count: 4096)
      let count = tt_receive(raw, &datagram, datagram.count)
      if count == -Int(EAGAIN) { return }
      if count < 0 {
        // Nobody listens there: the next one may.
        asked.failure = ReadFailure(asking: SystemError(errno: Int32(-count), doing: "receive"))
        closeSocket()
        return askNextLater()
      }
      for question in asked.questions where asked.replies[question.kind] == nil {
        guard let reply = try? NameReply(parsing: datagram.span.extracting(first: count), to: question) else {
          continue
        }
        if reply.isTruncated { askByStream(question) } else { asked.replies[question.kind] = reply }
        break
      }
      if isAnswered { return finish() }
      if asked.socket == nil { return }
    }
  }

  private func askNextLater() {
    guard let asked else { return }
    if asked.round < min(NameTransport.rounds, asked.servers.count) {
      loop.later { [weak self, weak asked] in
        if let self, let asked, asked === self.asked { ask() }
      }
    } else if asked.replies.isEmpty, asked.streams.isEmpty, let failure = asked.failure {
      loop.later { [weak self, weak asked] in
        if let self, let asked, asked === self.asked { end(.failure(failure)) }
      }
    }
  }

  // MARK: TCP

  private func askByStream(_ question: NameQuestion) {
    guard let asked, let deadline, asked.streams[question.kind] == nil else { return }
    // It answers; there is no need to ask another one.
    againTimer.disarm()
    let server = asked.server
    let stream = StreamTransport(
      to: .tcp(host: server.host, port: server.port), request: question.stream, limit: 2 + 65535, loop: loop,
      within: namespace,
      isWhole: { stream in NameReply.streamLength(stream).map { stream.count >= $0 } ?? false })
    asked.streams[question.kind] = stream
    stream.begin(deadline: deadline) { [unowned self, unowned stream] result in
      ended(stream, question, result)
    }
  }

  private func ended(
    _ stream: StreamTransport, _ question: NameQuestion, _ result: Result<Void, ReadFailure>
  ) {
    guard let asked else { return }
    switch result {
    case .failure(let failure): return end(.failure(failure))
    case .success:
      let reply = stream.reply.withBytes { bytes -> NameReply? in
        guard let length = NameReply.streamLength(bytes), length <= bytes.count else { return nil }
        return try? NameReply(parsing: bytes.extracting(2..<length), to: question)
      }
      guard let reply, !reply.isTruncated else {
        return end(.failure(.malformed(.notOf(.dns, beginning: ""))))
      }
      asked.replies[question.kind] = reply
      if isAnswered { finish() }
    }
  }

  // MARK: The end

  private var isAnswered: Bool { asked.map { $0.replies.count == $0.questions.count } ?? false }

  private func giveUp(_ reason: Reason) {
    guard let asked, let deadline else { return }
    if reason == .patience { return ask() }
    // One kind of address is better than none.
    if asked.replies.values.contains(where: { !$0.addresses.isEmpty }) { return finish() }
    end(.failure(asked.failure ?? .timedOut(after: deadline.after, received: 0)))
  }

  private func finish() {
    guard let asked else { return }
    let replies = asked.questions.compactMap { asked.replies[$0.kind] }
    let addresses = replies.flatMap { $0.addresses.map(\.description) }
    // A server may have trouble with one kind of address only.
    let code = addresses.isEmpty ? replies.map(\.code).first { $0 != 0 } ?? 0 : 0
    sample = .name(
      NameAnswer(
        code: code, addresses: addresses, timeToLive: replies.compactMap(\.timeToLive).min(),
        server: asked.server.description))
    end(.success(()))
  }

  private func end(_ result: Result<Void, ReadFailure>) {
    let ended = ended
    abandon()
    ended?(result)
  }

  private func closeSocket() {
    if let watch = asked?.watch { loop.unwatch(watch) }
    asked?.watch = nil
    asked?.socket = nil
  }

  private func close() {
    deadlineTimer.disarm()
    againTimer.disarm()
    closeSocket()
    asked = nil
  }
}

extension ReadFailure {
  /// What it means that a name server could not be asked.
  fileprivate init(asking error: SystemError) {
    self = error.errno == ECONNREFUSED ? .refused : .system(errno: error.errno, doing: error.doing)
  }
}
