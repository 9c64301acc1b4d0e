import Foundation
import Testing

/// HAProxy's stats socket, asked by the test itself: the truth that tiertop is compared with.
struct StatsSocket {
  let path: String

  /// Sends one line, and returns everything that comes back.
  func ask(_ line: String) throws -> String {
    let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    try #require(raw >= 0)
    defer { close(raw) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8CString)
    try #require(bytes.count <= MemoryLayout.size(ofValue: address.sun_path))
    withUnsafeMutableBytes(of: &address.sun_path) { target in
      bytes.withUnsafeBytes { target.copyMemory(from: $0) }
    }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(raw, $0, length) }
    }
    // Thrown, not recorded: while a load balancer starts, nobody answers yet.
    guard result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .ECONNREFUSED) }
    let text = Array((line + "\n").utf8)
    try #require(write(raw, text, text.count) == text.count)
    var reply = Data()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(raw, &buffer, buffer.count)
      if count <= 0 { break }
      reply.append(contentsOf: buffer[..<count])
    }
    return String(decoding: reply, as: UTF8.self)
  }
}

extension SupervisedLab {
  /// The stats sockets of its load balancers, in order.
  var balancers: [StatsSocket] {
    let text = (try? String(contentsOfFile: layout, encoding: .utf8)) ?? ""
    return text.matches(of: /haproxy: "?(\/[^\s,"}]+)/).map { StatsSocket(path: String($0.1)) }
  }

  /// `ready`, `drain` or `maint` on each load balancer; empty where it does not say.
  func admin(_ backend: String, _ server: String) -> [String] {
    balancers.map { balancer in
      (try? adminStates(of: backend, at: balancer.path))?.first { $0.server == server }?.state ?? ""
    }
  }

  /// The process of a load balancer.
  func balancer(_ name: String) throws -> Int32 {
    try #require(programs.first { command(of: $0).contains("/\(name)/haproxy.cfg") })
  }
}
