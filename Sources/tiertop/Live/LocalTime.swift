import Cluster
import Glibc

/// What the machine's time zone says; the pure rooms are handed the offset.
enum LocalTime {
  /// Seconds east of Greenwich at `time`.
  static func utcOffset(at time: WallTime) -> Int {
    var seconds = time_t(time.nanoseconds / 1_000_000_000)
    var local = tm()
    localtime_r(&seconds, &local)
    return local.tm_gmtoff
  }

  /// The date and the time on the clocks of the place: `2026-11-21 14:05:10`.
  static func text(of time: WallTime) -> String {
    let local = time.calendar(offsetSeconds: utcOffset(at: time))
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(local.year)-\(padded(local.month))-\(padded(local.day)) "
      + "\(padded(local.hour)):\(padded(local.minute)):\(padded(local.second))"
  }
}
