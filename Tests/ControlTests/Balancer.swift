import CSystem
import Cluster
import Glibc
import Platform
import TestSupport

/// One real HAProxy for one test, and a way to look at it that is none of the program's own.
final class Balancer {
  let name: NodeName
  let path: String
  let server: RealServer

  /// - Parameter backends: the part of the configuration that is the test's own.
  init(_ name: String, in scratch: Scratch, backends: String, arguments: [String] = ["-db"]) throws {
    self.name = NodeName(name)
    path = scratch.file("\(name).sock")
    try scratch.write(
      """
      global
        stats socket \(path) mode 600 level admin expose-fd listeners
        stats socket \(path).operator mode 600 level operator
        stats timeout 1m
      defaults
        mode http
        timeout connect 1s
        timeout client 1m
        timeout server 1m
      \(backends)
      """, to: "\(name).cfg")
    server = try RealServer(
      "haproxy", arguments + ["-f", scratch.file("\(name).cfg")], log: scratch.file("\(name).log"),
      until: [unixAddress(path), unixAddress(path + ".operator")])
  }

  /// What it answers to a line, over a connection that is made for it.
  func answer(to line: String) throws -> String {
    let talk = try Talk(with: path)
    try talk.send(line + "\n")
    return try talk.rest()
  }

  /// How a server stands, by the words of `show servers state`.
  func standing(of server: ServerID) throws -> Standing {
    try Balancer.standing(of: server, in: answer(to: "show servers state \(server.backend)"))
  }

  static func standing(of server: ServerID, in table: String) throws -> Standing {
    for line in table.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 8, fields[1] == server.backend, fields[3] == server.server else { continue }
      guard let flags = UInt16(fields[6]), let weight = Int64(fields[7]) else { break }
      let admin: AdminState = flags & 0x23 != 0 ? .maint : flags & 0x18 != 0 ? .drain : .ready
      return Standing(admin: admin, weight: weight)
    }
    throw TestFailure("no \(server) in \(table)")
  }

  /// A figure of `show info`.
  func info(_ figure: String) throws -> Int {
    for line in try answer(to: "show info").split(separator: "\n") where line.hasPrefix("\(figure): ") {
      if let number = Int(line.dropFirst(figure.utf8.count + 2)) { return number }
    }
    throw TestFailure("no \(figure)")
  }
}

/// A connection on which a test talks to HAProxy itself, and waits.
final class Talk {
  private let socket: Owned

  init(with path: String) throws {
    var address = unixAddress(path)
    var isPending: Int32 = 0
    var raw = tt_connect(&address, &isPending)
    for _ in 0..<1000 where raw == -EAGAIN || raw == -ECONNREFUSED {
      usleep(5000)
      raw = tt_connect(&address, &isPending)
    }
    guard raw >= 0 else { throw TestFailure("connect: \(-raw)") }
    socket = Owned(raw)
  }

  func send(_ text: String) throws {
    let bytes = Array(text.utf8)
    let count = tt_send(socket.raw, bytes, bytes.count)
    guard count == bytes.count else { throw TestFailure("send: \(count)") }
  }

  /// Everything up to where HAProxy closes.
  func rest() throws -> String {
    try read { _ in false }
  }

  /// Everything up to and with the first place where the text is.
  func read(upTo text: String) throws -> String {
    try read { $0.hasSuffix(text) }
  }

  private func read(until isEnough: (String) -> Bool) throws -> String {
    var all = ""
    while !isEnough(all) {
      var wait = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
      guard poll(&wait, 1, 30_000) == 1 else { throw TestFailure("no answer: \(all)") }
      var buffer = [UInt8](repeating: 0, count: 65536)
      let count = tt_receive(socket.raw, &buffer, buffer.count)
      if count == 0 { return all }
      guard count > 0 else { throw TestFailure("receive: \(count)") }
      all += String(decoding: buffer.prefix(count), as: UTF8.self)
    }
    return all
  }
}
