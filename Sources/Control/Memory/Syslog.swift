import CSystem
import Cluster
import Glibc
import Platform

/// The system's log, through its datagram socket: what syslog(3) does, but it says when nothing was taken, and
/// never waits longer than a moment for a logger that hangs.
struct Syslog {
  /// Usually `/dev/log`.
  let path: String

  /// LOG_AUTHPRIV, as sudo does: who did what is for the administrators, and a note may be confidential.
  private static let facility = 10
  private static let patience = Duration.milliseconds(100)

  struct Message {
    let time: WallTime
    /// LOG_NOTICE where it is as it should be, else LOG_WARNING.
    let isGood: Bool
    let text: String
  }

  /// Each message in one datagram; stops at the first failure, so that a hanging logger costs one wait.
  func write(_ messages: [Message]) -> AuditFailure? {
    func failure(_ code: Int, _ doing: String, lost: Int) -> AuditFailure {
      let error = SystemError(errno: Int32(clamping: -code), doing: doing)
      return AuditFailure(failure: .syslog(path: path, error), lost: lost)
    }
    var address = tt_address()
    let known = tt_address_unix(&address, path, path.utf8.count)
    if known < 0 { return failure(Int(known), "address", lost: messages.count) }
    let raw = tt_datagram_connect(&address, Int32(Syslog.patience.nanoseconds / 1_000_000))
    if raw < 0 { return failure(Int(raw), "connect", lost: messages.count) }
    let socket = Descriptor(owning: raw)
    for (place, message) in messages.enumerated() {
      let bytes = Array(Syslog.datagram(message).utf8)
      let count = tt_send(socket.raw, bytes, bytes.count)
      if count < 0 { return failure(count, "send", lost: messages.count - place) }
    }
    return nil
  }

  /// `<85>Nov 21 12:00:00 tiertop[4711]: text`, the time as the host's clock shows it (RFC 3164, 4.1, without
  /// the host's name, as every program on a host writes it).
  static func datagram(_ message: Message) -> String {
    var seconds = time_t(message.time.nanoseconds / 1_000_000_000)
    var local = tm()
    localtime_r(&seconds, &local)
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let month = months[min(max(Int(local.tm_mon), 0), 11)]
    func padded(_ number: Int32, with blank: String) -> String { (number < 10 ? blank : "") + String(number) }
    let clock = [local.tm_hour, local.tm_min, local.tm_sec].map { padded($0, with: "0") }
    return "<\(facility << 3 | (message.isGood ? 5 : 4))>\(month) \(padded(local.tm_mday, with: " ")) "
      + clock.joined(separator: ":") + " tiertop[\(getpid())]: \(message.text)"
  }
}
