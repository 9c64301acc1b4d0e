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
}
