import CSystem
import Glibc

/// Asks for a page on loopback, in the plainest way, and waits until the server closes; what it said, with its
/// header.
@discardableResult
public func get(_ path: String, port: UInt16) throws -> String {
  let socket = try opened(path, port: port)
  var reply: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  var wait = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
  while poll(&wait, 1, 30_000) == 1 {
    let count = tt_receive(socket.raw, &buffer, buffer.count)
    if count == 0 { return String(decoding: reply, as: UTF8.self) }
    if count < 0 { break }
    reply.append(contentsOf: buffer.prefix(count))
  }
  throw TestFailure("\(path) was not answered")
}

/// Asks for a page and does not wait; the request lasts as long as this is kept.
public func opened(_ path: String, port: UInt16) throws -> Owned {
  var address = numericAddress("127.0.0.1", port: port)
  var isPending: Int32 = 0
  let raw = tt_connect(&address, &isPending)
  guard raw >= 0 else { throw TestFailure("connect: \(-raw)") }
  let socket = Owned(raw)
  var wait = pollfd(fd: raw, events: Int16(POLLOUT), revents: 0)
  guard poll(&wait, 1, 30_000) == 1 else { throw TestFailure("connect") }
  let request = Array("GET \(path) HTTP/1.0\r\nHost: localhost\r\n\r\n".utf8)
  guard tt_send(raw, request, request.count) == request.count else { throw TestFailure("send") }
  return socket
}
