public import CSystem
import Glibc
public import Platform

/// A peer on a stream socket that plays a script to each connection, on the same loop as whoever it talks to.
public final class FakePeer {
  public enum Script {
    /// Waits for a line, sends this and closes.
    case reply([UInt8])
    /// The same, something else to each connection in turn, and the last to all that follow.
    case replies([[UInt8]])
    /// The same, one byte in each round of the loop.
    case trickle([UInt8])
    /// Waits for a line, sends this, and then neither sends nor closes.
    case hang(after: [UInt8])
    /// Sends this for each line, and takes nothing more while it cannot send; closes after `quit`.
    case answerEachLine([UInt8])
    /// Closes without waiting for anything.
    case closeAtOnce
    /// Waits for a line, then sends without end.
    case endless
  }

  public var script: Script {
    didSet { replied = 0 }
  }
  /// Connections that were replied to by this script.
  private var replied = 0
  public private(set) var requests: [String] = []
  public private(set) var connections = 0
  /// How many connections the other side closed before the script was at its end.
  public private(set) var abandoned = 0

  private let loop: EventLoop
  private let address: tt_address
  private var listener: Owned?
  private var listenerWatch: Watch?
  private var open: [ObjectIdentifier: Talk] = [:]

  private final class Talk {
    let socket: Owned
    var watch: Watch?
    var request: [UInt8] = []
    var left: ArraySlice<UInt8> = []
    var isAnswering = false
    init(_ raw: Int32) { socket = Owned(raw) }
  }

  /// - Parameter backlog: how many may wait to be accepted.
  public init(
    at address: tt_address, script: Script, loop: EventLoop, backlog: Int32 = 16, accepting: Bool = true
  ) throws {
    self.script = script
    self.loop = loop
    var address = address
    let raw = tt_listen(&address, backlog)
    guard raw >= 0 else { throw TestFailure("listen: \(systemWords(for: -raw))") }
    // Where the system has chosen the port, it is known now.
    if tt_local_address(raw, &address) != 0 { throw TestFailure("no address of its own") }
    self.address = address
    listener = Owned(raw)
    if accepting { try accept() }
  }

  public convenience init(path: String, script: Script, loop: EventLoop) throws {
    try self.init(at: unixAddress(path), script: script, loop: loop)
  }

  deinit { stop() }

  /// The TCP port that the system chose.
  public var port: UInt16 {
    var address = address
    return UInt16(clamping: tt_address_port(&address))
  }

  /// Begins to take connections, where it was made without.
  public func accept() throws {
    guard let listener else { return }
    listenerWatch = try loop.watch(listener.raw, for: .reading) { [unowned self] _ in
      while true {
        let raw = tt_accept(listener.raw)
        if raw < 0 { break }
        take(raw)
      }
    }
  }

  /// Forgets what it was asked, so that it does not grow however long it runs.
  public func forgetRequests() { requests.removeAll(keepingCapacity: true) }

  /// Stops listening; the socket's file stays.
  ///
  /// A program that another test starts just now has this listener too, until it has begun: that is waited for.
  public func close() {
    guard listener != nil else { return }
    stop()
    for _ in 0..<2000 where isListening(address) { usleep(1000) }
  }

  private func stop() {
    for talk in open.values { end(talk) }
    if let listenerWatch { loop.unwatch(listenerWatch) }
    listenerWatch = nil
    listener = nil
  }

  public var openConnections: Int { open.count }

  private func take(_ raw: Int32) {
    connections += 1
    let talk = Talk(raw)
    if case .closeAtOnce = script { return }
    open[ObjectIdentifier(talk)] = talk
    talk.watch = try? loop.watch(raw, for: .reading) { [unowned self, unowned talk] readiness in
      goOn(talk, readiness)
    }
  }

  private func goOn(_ talk: Talk, _ readiness: Readiness) {
    if case .answerEachLine(let answer) = script { return answerLines(talk, answer) }
    if readiness.contains(.reading) || readiness.contains(.hangUp) {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = tt_receive(talk.socket.raw, &buffer, buffer.count)
      if count == 0 || (count < 0 && count != -Int(EAGAIN)) {
        abandoned += 1
        return end(talk)
      }
      if count > 0 { talk.request.append(contentsOf: buffer.prefix(count)) }
    }
    if !talk.isAnswering {
      guard talk.request.last == UInt8(ascii: "\n") else { return }
      requests.append(String(decoding: talk.request, as: UTF8.self))
      talk.isAnswering = true
      switch script {
      case .reply(let bytes), .trickle(let bytes), .hang(let bytes): talk.left = bytes[...]
      case .replies(let all):
        talk.left = all[min(replied, all.count - 1)][...]
        replied += 1
      case .endless: talk.left = [UInt8](repeating: UInt8(ascii: "x"), count: 65536)[...]
      case .closeAtOnce, .answerEachLine: break
      }
      if let watch = talk.watch { try? loop.change(watch, to: [.reading, .writing]) }
    }
    send(talk)
  }

  private func answerLines(_ talk: Talk, _ answer: [UInt8]) {
    if talk.left.isEmpty {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = tt_receive(talk.socket.raw, &buffer, buffer.count)
      if count == -Int(EAGAIN) { return }
      if count <= 0 {
        abandoned += 1
        return end(talk)
      }
      talk.request.append(contentsOf: buffer.prefix(count))
      while let lineEnd = talk.request.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: talk.request[..<lineEnd], as: UTF8.self)
        talk.request.removeSubrange(...lineEnd)
        requests.append(line)
        if line == "quit" { talk.isAnswering = true } else { talk.left += answer }
      }
    }
    if !talk.left.isEmpty {
      let count = talk.left.withUnsafeBytes { tt_send(talk.socket.raw, $0.baseAddress, $0.count) }
      if count > 0 { talk.left.removeFirst(count) }
    }
    if talk.left.isEmpty, talk.isAnswering { return end(talk) }
    if let watch = talk.watch { try? loop.change(watch, to: talk.left.isEmpty ? .reading : .writing) }
  }

  private func send(_ talk: Talk) {
    if !talk.left.isEmpty {
      var piece = Array(talk.left)
      if case .trickle = script { piece = [piece[0]] }
      let count = tt_send(talk.socket.raw, piece, piece.count)
      if count > 0 { talk.left.removeFirst(count) }
    }
    guard talk.left.isEmpty else { return }
    switch script {
    case .reply, .replies, .trickle, .closeAtOnce, .answerEachLine: end(talk)
    case .hang: if let watch = talk.watch { try? loop.change(watch, to: .reading) }
    case .endless: talk.left = [UInt8](repeating: UInt8(ascii: "x"), count: 65536)[...]
    }
  }

  private func end(_ talk: Talk) {
    if let watch = talk.watch { loop.unwatch(watch) }
    open[ObjectIdentifier(talk)] = nil
  }
}
