import Foundation

/// Sends requests one after the other and counts the answers: the other side of what tiertop shows.
struct Visitor {
  private(set) var sent = 0
  private(set) var statuses: [Int: Int] = [:]

  /// Asks `host` for `path`, and reads the answer to its end.
  mutating func ask(_ host: String, _ port: UInt16, _ path: String) throws {
    let raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(raw) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    inet_pton(AF_INET, host, &address.sin_addr)
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(raw, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw POSIXError(.ECONNREFUSED) }
    let request = "GET \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
    _ = request.withCString { send(raw, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
    sent += 1
    var reply: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(raw, &chunk, chunk.count, 0)
      if count <= 0 { break }
      reply += chunk[..<count]
    }
    let words = String(decoding: reply.prefix(64), as: UTF8.self).split(separator: " ")
    statuses[words.count > 1 ? Int(words[1]) ?? 0 : 0, default: 0] += 1
  }
}
