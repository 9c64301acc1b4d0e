import Foundation

/// A socket that answers every poll with the same bytes, whatever they are, and keeps what it was asked.
///
/// Where it speaks first, as databases do, it asks for nothing before.
final class HostilePeer {
  let path: String
  private let listener: Int32
  private let record = Record()

  /// Every byte that came, of all connections; guarded, because a thread of its own listens.
  private final class Record: @unchecked Sendable {
    private let lock = NSLock()
    private var bytes: [UInt8] = []

    func add(_ more: some Sequence<UInt8>) { lock.withLock { bytes.append(contentsOf: more) } }

    var text: String { lock.withLock { String(decoding: bytes, as: UTF8.self) } }
  }

  /// All that it was asked.
  var heard: String { record.text }

  init(saying reply: [UInt8], first: Bool = false, at place: URL? = nil) throws {
    let name = "tt-peer-\(UInt32.random(in: 0...UInt32.max))"
    path = (place ?? FileManager.default.temporaryDirectory.appendingPathComponent(name)).path
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0, listen(listener, 16) == 0 else { throw POSIXError(.EADDRINUSE) }
    let record = record
    let thread = Thread {
      while true {
        let peer = accept(listener, nil, nil)
        if peer < 0 { return }
        var line = [UInt8](repeating: 0, count: 512)
        let count = first ? 0 : recv(peer, &line, line.count, 0)
        if count > 0 { record.add(line[..<count]) }
        var sent = 0
        while sent < reply.count {
          let count = reply[sent...].withUnsafeBytes {
            send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
          }
          if count <= 0 { break }
          sent += count
        }
        // What is said after the answer is heard too.
        shutdown(peer, Int32(SHUT_WR))
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        while true {
          let count = recv(peer, &line, line.count, 0)
          if count <= 0 { break }
          record.add(line[..<count])
        }
        close(peer)
      }
    }
    thread.start()
  }

  deinit {
    // The thread's accept fails, and it ends.
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
    unlink(path)
  }
}
