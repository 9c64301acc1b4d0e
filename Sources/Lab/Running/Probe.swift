import CSystem
import Cluster
import Glibc
import Platform

/// Asks one address the same question until the answer is the one that tells that it serves.
final class Probe {
  /// Where and what is asked, and what a good answer begins with.
  struct Question {
    var address: tt_address
    var request: [UInt8]
    var answer: [UInt8]
    /// What it has somewhere behind that; nothing where the beginning is enough.
    var mention: [UInt8] = []
    /// Whether it is enough that somebody listens.
    var isConnection = false

    /// `GET path` is answered by a 200.
    static func page(_ path: String, at address: SocketAddress) -> Question {
      var raw = tt_address()
      _ = tt_address_numeric(&raw, address.host, address.port)
      return Question(
        address: raw,
        request: Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8),
        answer: Array("HTTP/1.1 200 ".utf8))
    }

    /// Somebody listens.
    static func connection(to address: SocketAddress) -> Question {
      var raw = tt_address()
      _ = tt_address_numeric(&raw, address.host, address.port)
      return Question(address: raw, request: [], answer: [], isConnection: true)
    }

    /// Somebody listens at a unix socket.
    static func connection(toSocket path: String) -> Question {
      var raw = tt_address()
      _ = tt_address_unix(&raw, path, path.utf8.count)
      return Question(address: raw, request: [], answer: [], isConnection: true)
    }

    /// Something at a unix socket speaks first, as a database does.
    static func greeting(_ path: String) -> Question {
      var raw = tt_address()
      _ = tt_address_unix(&raw, path, path.utf8.count)
      return Question(address: raw, request: [], answer: [])
    }

    /// A stats socket answers.
    static func socket(_ path: String) -> Question {
      var raw = tt_address()
      _ = tt_address_unix(&raw, path, path.utf8.count)
      return Question(address: raw, request: Array("show info\n".utf8), answer: Array("Name: ".utf8))
    }

    /// A stats socket is answered by a process: while one takes over from another, both may.
    static func process(_ pid: Int32, at path: String) -> Question {
      var question = socket(path)
      question.mention = Array("\nPid: \(pid)\n".utf8)
      return question
    }
  }

  private static let mostToMention = 4096

  private let question: Question
  private let namespace: NetworkNamespace?
  private let loop: EventLoop
  private let answered: () -> Void
  private var descriptor: Int32 = -1
  private var watch: Watch?
  private var isAsked = false
  private var received: [UInt8] = []
  private var again: LoopTimer?

  /// What the last try ended with, in words.
  private(set) var last = "it was not asked yet"

  /// Begins to ask, from within `namespace` where there is one; `answered` is called once.
  init(
    _ question: Question, from namespace: NetworkNamespace? = nil, on loop: EventLoop,
    answered: @escaping () -> Void
  ) {
    self.question = question
    self.namespace = namespace
    self.loop = loop
    self.answered = answered
    again = loop.timer { [weak self] _ in self?.ask() }
    ask()
  }

  deinit { close() }

  private func ask() {
    if descriptor >= 0 { last = "no answer within a second" }
    close()
    received = []
    do throws(SystemError) {
      descriptor =
        try namespace.map { there throws(SystemError) in try there.within(connected) } ?? connected()
    } catch {
      return failed(error.words)
    }
    if descriptor < 0 { return failed(systemWords(for: -descriptor)) }
    do throws(SystemError) {
      watch = try loop.watch(descriptor, for: .writing) { [weak self] _ in self?.isReady() }
    } catch {
      return failed(error.words)
    }
    // The longest that one try may take.
    again?.arm(after: .seconds(1))
  }

  private func connected() -> Int32 {
    var pending: Int32 = 0
    return withUnsafePointer(to: question.address) { tt_connect($0, &pending) }
  }

  private func isReady() {
    if !isAsked {
      let result = tt_connect_result(descriptor)
      if result < 0 { return failed(systemWords(for: -result)) }
      if question.isConnection { return succeeded() }
      // A request is far smaller than a socket's buffer: it goes out whole, or not at all.
      let sent = question.request.withUnsafeBytes { tt_send(descriptor, $0.baseAddress, $0.count) }
      if sent < 0 { return failed(systemWords(for: Int32(clamping: -sent))) }
      isAsked = true
      if let watch { try? loop.change(watch, to: .reading) }
      return
    }
    var chunk = [UInt8](repeating: 0, count: 512)
    let count = chunk.withUnsafeMutableBytes { tt_receive(descriptor, $0.baseAddress, $0.count) }
    if count == -Int(EAGAIN) { return }
    if count > 0 { received += chunk[..<count] }
    let isBegun = received.starts(with: question.answer)
    let isMentioned = question.mention.isEmpty || received.firstRange(of: question.mention) != nil
    if count > 0 && isBegun && isMentioned { return succeeded() }
    // What is mentioned comes in the first few lines.
    let most = question.mention.isEmpty ? question.answer.count : Probe.mostToMention
    if count <= 0 || received.count >= most { failed(firstLine) }
  }

  private func succeeded() {
    close()
    again?.disarm()
    answered()
  }

  private var firstLine: String {
    let line = received.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
    return line.isEmpty
      ? "it closed the connection" : "it said: " + printable(String(decoding: line, as: UTF8.self))
  }

  private func failed(_ words: String) {
    last = words
    close()
    again?.arm(after: .milliseconds(20))
  }

  private func close() {
    if let watch { loop.unwatch(watch) }
    watch = nil
    isAsked = false
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }
}
