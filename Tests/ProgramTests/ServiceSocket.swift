import Foundation

/// What systemd would hear of a service: a datagram socket that keeps what it is told.
final class ServiceSocket {
  let path: String
  private let descriptor: Int32
  private(set) var messages: [String] = []

  init(in directory: URL) throws {
    path = directory.appendingPathComponent("notify").path
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0 else { throw POSIXError(.EADDRINUSE) }
  }

  deinit { close(descriptor) }

  /// Whether, before long, the messages so far are such.
  func hears(_ condition: ([String]) -> Bool) -> Bool {
    holds {
      listen()
      return condition(messages)
    }
  }

  private func listen() {
    var bytes = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
      if count <= 0 { return }
      messages.append(String(decoding: bytes[..<count], as: UTF8.self))
    }
  }
}
