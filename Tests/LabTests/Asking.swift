import Foundation

/// Sends `text` to a server on a unix socket or an address, and returns all it says until it closes.
func answer(to text: String, at place: Place) throws -> String {
  let raw = place.connected()
  guard raw >= 0 else { throw POSIXError(.ECONNREFUSED) }
  defer { close(raw) }
  var limit = timeval(tv_sec: 5, tv_usec: 0)
  setsockopt(raw, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  _ = text.withCString { send(raw, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = recv(raw, &chunk, chunk.count, 0)
    if count <= 0 { break }
    bytes += chunk[..<count]
  }
  return String(decoding: bytes, as: UTF8.self)
}

enum Place {
  case unix(String)
  case tcp(String, UInt16)

  fileprivate func connected() -> Int32 {
    switch self {
    case .unix(let path):
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
      return connect(AF_UNIX, &address)
    case .tcp(let host, let port):
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      inet_pton(AF_INET, host, &address.sin_addr)
      return connect(AF_INET, &address)
    }
  }

  private func connect<Address>(_ family: Int32, _ address: inout Address) -> Int32 {
    let raw = socket(family, Int32(SOCK_STREAM.rawValue), 0)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.connect(raw, $0, socklen_t(MemoryLayout<Address>.size))
      }
    }
    if result == 0 { return raw }
    close(raw)
    return -1
  }
}

/// The status and the text that `GET path` is answered with.
func page(_ path: String, at host: String, _ port: UInt16) throws -> (status: Int, text: String) {
  let reply = try answer(
    to: "GET \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n", at: .tcp(host, port))
  let status = reply.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  return (status, reply.components(separatedBy: "\r\n\r\n").dropFirst().joined())
}

/// One figure of `show stat`, by proxy, server and column.
func figure(_ column: String, of server: String, in proxy: String, at socket: String) throws -> Int? {
  let lines = try answer(to: "show stat\n", at: .unix(socket)).split(separator: "\n")
    .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
  guard let index = lines.first?.firstIndex(of: Substring(column)) else { return nil }
  return lines.first { $0.count > index && $0[0] == proxy && $0[1] == server }.flatMap { Int($0[index]) }
}

/// Polls `condition` until it holds; false where it does not within the limit.
func becomesTrue(within limit: TimeInterval = 20, _ condition: () throws -> Bool) rethrows -> Bool {
  let end = ProcessInfo.processInfo.systemUptime + limit
  while ProcessInfo.processInfo.systemUptime < end {
    if try condition() { return true }
    usleep(20_000)
  }
  return try condition()
}

/// The processes that have `text` in their command line or work in a directory below it; no zombies.
func processes(with text: String) -> [Int32] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return names.compactMap { Int32($0) }.filter { pid in
    let command = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
    if String(decoding: command, as: UTF8.self).contains(text) { return true }
    let directory = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")
    return directory?.contains(text) ?? false
  }
}
