import CSystem
import Cluster
import Foundation
import Glibc
import Platform
import Testing

/// A peer on a stream socket that plays a script to each connection, on the same loop as whoever it talks to.
final class FakePeer {
  enum Script {
    /// Waits for a line, sends this and closes.
    case reply([UInt8])
    /// The same, one byte in each round of the loop.
    case trickle([UInt8])
    /// Waits for a line, sends this, and then neither sends nor closes.
    case hang(after: [UInt8])
    /// Closes without waiting for anything.
    case closeAtOnce
    /// Waits for a line, then sends without end.
    case endless
  }

  var script: Script
  private(set) var requests: [String] = []
  private(set) var connections = 0
  /// How many connections the other side closed before the script was at its end.
  private(set) var abandoned = 0

  private let loop: EventLoop
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
  init(
    at address: tt_address, script: Script, loop: EventLoop, backlog: Int32 = 16, accepting: Bool = true
  ) throws {
    self.script = script
    self.loop = loop
    var address = address
    let raw = tt_listen(&address, backlog)
    try #require(raw >= 0, "listen: \(systemWords(for: -raw))")
    listener = Owned(raw)
    if accepting { try accept() }
  }

  convenience init(path: String, script: Script, loop: EventLoop) throws {
    try self.init(at: unixAddress(path), script: script, loop: loop)
  }

  deinit { close() }

  /// The TCP port that the system chose.
  var port: UInt16 {
    var address = tt_address()
    guard let listener, tt_local_address(listener.raw, &address) == 0 else { return 0 }
    return UInt16(clamping: tt_address_port(&address))
  }

  /// Begins to take connections, where it was made without.
  func accept() throws {
    guard let listener else { return }
    listenerWatch = try loop.watch(listener.raw, for: .reading) { [unowned self] _ in
      while true {
        let raw = tt_accept(listener.raw)
        if raw < 0 { break }
        take(raw)
      }
    }
  }

  /// Stops listening; the socket's file stays.
  func close() {
    for talk in open.values { end(talk) }
    if let listenerWatch { loop.unwatch(listenerWatch) }
    listenerWatch = nil
    listener = nil
  }

  var openConnections: Int { open.count }

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
      case .endless: talk.left = [UInt8](repeating: UInt8(ascii: "x"), count: 65536)[...]
      case .closeAtOnce: break
      }
      if let watch = talk.watch { try? loop.change(watch, to: [.reading, .writing]) }
    }
    send(talk)
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
    case .reply, .trickle, .closeAtOnce: end(talk)
    case .hang: if let watch = talk.watch { try? loop.change(watch, to: .reading) }
    case .endless: talk.left = [UInt8](repeating: UInt8(ascii: "x"), count: 65536)[...]
    }
  }

  private func end(_ talk: Talk) {
    if let watch = talk.watch { loop.unwatch(watch) }
    open[ObjectIdentifier(talk)] = nil
  }
}

func unixAddress(_ path: String) -> tt_address {
  var address = tt_address()
  _ = path.withCString { tt_address_unix(&address, $0, strlen($0)) }
  return address
}

func numericAddress(_ host: String, port: UInt16 = 0) -> tt_address {
  var address = tt_address()
  _ = tt_address_numeric(&address, host, port)
  return address
}

/// A descriptor that can be kept in tuples and closures.
final class Owned {
  private let descriptor: Descriptor

  init(_ raw: Int32) { descriptor = Descriptor(owning: raw) }

  var raw: Int32 { descriptor.raw }
}

/// A directory of its own for one test, with a path short enough for sockets; removed at the end.
final class Scratch {
  let path: String

  init() throws {
    var template = Array("/tmp/tt-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func file(_ name: String) -> String { path + "/" + name }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension EventLoop {
  /// Goes round until it holds. Where it does not within a time that no test needs, the test has failed.
  func run(until condition: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let start = SystemClock().now()
    while !condition() {
      try runOnce(atMost: .milliseconds(20))
      if SystemClock().now().since(start) > .seconds(30) {
        Issue.record("It did not happen within 30 s", sourceLocation: sourceLocation)
        return
      }
    }
  }
}
