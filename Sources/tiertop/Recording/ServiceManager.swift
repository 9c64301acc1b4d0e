import CSystem
import Glibc
import Platform

/// What systemd is told of the daemon (sd_notify(3)): nothing where it was not started by it.
///
/// One datagram each to the socket that `NOTIFY_SOCKET` names: a path, or `@` and an abstract name.
final class ServiceManager {
  /// Open for as long as the program runs; -1 where there is nobody to tell.
  private let socket: Int32
  /// How often it wants to hear that the daemon is alive; nil where it does not.
  let watchdog: Duration?

  init(environment: (String) -> String? = ServiceManager.variable) {
    socket = environment("NOTIFY_SOCKET").map(ServiceManager.connect) ?? -1
    let isMeant = environment("WATCHDOG_PID").map { Int32($0) == getpid() } ?? true
    // Half of the time, as sd_watchdog_enabled(3) advises.
    watchdog = environment("WATCHDOG_USEC").flatMap(Int64.init)
      .flatMap { $0 > 0 && isMeant ? .microseconds($0 / 2) : nil }
  }

  func ready(_ status: String) { send("READY=1\nSTATUS=\(status)") }

  func status(_ words: String) { send("STATUS=\(words)") }

  func reloading() {
    send("RELOADING=1\nMONOTONIC_USEC=\(SystemClock().awake / 1000)")
  }

  func isAlive() { send("WATCHDOG=1") }

  func stopping() { send("STOPPING=1") }

  /// A datagram that cannot be sent is as if there were no one to send it to.
  private func send(_ text: String) {
    guard socket >= 0 else { return }
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { tt_send(socket, $0.baseAddress, $0.count) }
  }

  deinit { if socket >= 0 { close(socket) } }

  private static func connect(to name: String) -> Int32 {
    var address = tt_address()
    // An abstract name begins with a zero byte, which is written `@`.
    var bytes = name.utf8.map { CChar(bitPattern: $0) }
    if bytes.first == CChar(bitPattern: UInt8(ascii: "@")) { bytes[0] = 0 }
    guard tt_address_unix(&address, bytes, bytes.count) == 0 else { return -1 }
    return max(-1, tt_datagram_connect(&address, 100))
  }

  static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
