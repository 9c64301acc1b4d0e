import Cluster

/// What the clocks say that has happened between the frame before and the next one.
struct ClockMove {
  var isNewStretch = false
  var gap: (reason: Gap.Reason, words: String)?
  /// The last frame, where it is not in this store.
  var since: WallTime?

  /// - Parameters:
  ///   - last: the frame before, in this store; nil where there is none, and without its time on the clock that only
  ///     goes forward where that is not known.
  ///   - isOwn: whether this recorder has recorded it.
  ///   - takesOver: whether it goes on with what another one has recorded.
  init(
    to frame: Frame, after last: (wall: WallTime, uptime: Uptime?)?, isOwn: Bool, takesOver: Bool,
    interval: Duration, loss: StoreWriter.Loss?
  ) {
    guard let last else {
      isNewStretch = true
      gap = loss.map { ($0.reason, $0.words) }
      since = loss?.since
      return
    }
    guard isOwn || takesOver, let uptime = last.uptime else {
      isNewStretch = true
      gap = (loss?.reason ?? .notRunning, loss?.words ?? "")
      return
    }
    let passed = (frame.at.uptime - uptime).nanoseconds
    let shown = frame.at.wall.nanoseconds &- last.wall.nanoseconds
    let jump = shown &- passed
    // Clocks are corrected all the time, by less than this.
    let second: Int64 = 1_000_000_000
    let longest = interval.nanoseconds &* 3 &+ second
    if !isOwn, abs(jump) >= second || !(0...longest).contains(passed) {
      // Of what another program recorded nothing but its last frame is known.
      gap = (loss?.reason ?? .notRunning, loss?.words ?? "")
    } else if jump >= 2 * second {
      gap = (.clockForward, "")
    } else if jump <= -2 * second {
      gap = (.clockBack, "")
    } else if passed > longest {
      gap = (.suspended, "")
    }
    isNewStretch = gap != nil || shown < 0
  }
}
