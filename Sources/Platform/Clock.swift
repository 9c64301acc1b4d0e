public import Cluster
import Glibc

/// Where the time comes from: the system's clocks, or one that a test moves by hand.
public protocol Clock {
  /// The present moment, on both clocks.
  func now() -> Moment
}

/// The system's clocks: CLOCK_REALTIME, and CLOCK_BOOTTIME.
///
/// BOOTTIME rather than MONOTONIC: it goes on while a laptop sleeps, so that a figure read before the lid
/// was closed is as old as it is. The loop's sleeping does not count the time of a suspension, so after one a
/// timer is late by what was left of it at most.
public struct SystemClock: Clock, Sendable {
  public init() {}

  public func now() -> Moment {
    Moment(
      wall: WallTime(nanoseconds: nanoseconds(of: CLOCK_REALTIME)),
      uptime: Uptime(nanoseconds: nanoseconds(of: CLOCK_BOOTTIME)))
  }

  /// CLOCK_MONOTONIC, in nanoseconds: what systemd compares with. It stands still while the machine sleeps.
  public var awake: Int64 { nanoseconds(of: CLOCK_MONOTONIC) }

  private func nanoseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}

/// A clock that stands still until it is moved: for tests, and for everything else that has to be repeatable.
public final class ManualClock: Clock {
  private var moment: Moment

  /// Starts at `uptime` 0 and at the given wall time.
  public init(wall: WallTime = WallTime(nanoseconds: 0)) {
    moment = Moment(wall: wall, uptime: Uptime(nanoseconds: 0))
  }

  public func now() -> Moment { moment }

  /// Moves both clocks forward.
  public func advance(by duration: Duration) {
    moment.uptime = moment.uptime + duration
    moment.wall.nanoseconds &+= duration.nanoseconds
  }

  /// Sets the calendar only, as an operator or NTP does.
  public func setWall(_ wall: WallTime) { moment.wall = wall }
}
