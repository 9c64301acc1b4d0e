/// Errors and attempts of each node over the last ticks: what error rates are judged by, so that one failed
/// request in a quiet second does not raise an alarm.
struct ErrorWindows: Sendable {
  /// Ten seconds at one tick a second.
  static let ticks = 10
  /// So many failures should have come since the last one, had it gone on: it has ended, and what was before is
  /// forgotten.
  private static let missed = 5.0

  /// Slot by slot, so that one is forgotten in one go.
  private var errors: [Int64]
  private var attempts: [Int64]
  private var errorSums: [Int64]
  private var attemptSums: [Int64]
  /// Attempts since the last error.
  private var clean: [Int64]
  private var slot = 0

  init(count: Int) {
    errors = [Int64](repeating: 0, count: count * ErrorWindows.ticks)
    attempts = errors
    errorSums = [Int64](repeating: 0, count: count)
    attemptSums = errorSums
    clean = errorSums
  }

  /// Begins a tick: what is older than the window is forgotten.
  mutating func beginTick() {
    slot = (slot + 1) % ErrorWindows.ticks
    for place in errorSums.indices {
      let index = slot * errorSums.count + place
      errorSums[place] -= errors[index]
      attemptSums[place] -= attempts[index]
      errors[index] = 0
      attempts[index] = 0
    }
  }

  mutating func note(errors: Int64?, attempts: Int64?, of place: Int) {
    guard var errors, var attempts else { return }
    let index = slot * errorSums.count + place
    // No real count comes near these bounds; a hostile one must not overflow the sums.
    errors = max(0, min(errors, 1 << 40))
    attempts = max(0, min(attempts, 1 << 40))
    // There may be several readings in one tick.
    self.errors[index] += errors
    self.attempts[index] += attempts
    errorSums[place] += errors
    attemptSums[place] += attempts
    clean[place] = errors > 0 ? 0 : min(clean[place] + attempts, 1 << 40)
    if errorSums[place] > 0,
      Double(errorSums[place]) / Double(max(1, attemptSums[place])) * Double(clean[place]) >= Self.missed
    {
      forget(place)
    }
  }

  /// Whether nothing was attempted in the window.
  func isEmpty(at place: Int) -> Bool { attemptSums[place] == 0 && errorSums[place] == 0 }

  func sums(of place: Int) -> (errors: Int64, attempts: Int64) { (errorSums[place], attemptSums[place]) }

  /// Those of the newest tick alone.
  func newest(of place: Int) -> (errors: Int64, attempts: Int64) {
    let index = slot * errorSums.count + place
    return (errors[index], attempts[index])
  }

  private mutating func forget(_ place: Int) {
    for tick in 0..<ErrorWindows.ticks {
      errors[tick * errorSums.count + place] = 0
      attempts[tick * errorSums.count + place] = 0
    }
    (errorSums[place], attemptSums[place]) = (0, 0)
  }

  func moved(to count: Int, from before: (Int) -> Int?) -> ErrorWindows {
    var result = ErrorWindows(count: count)
    result.slot = slot
    for place in 0..<count {
      guard let old = before(place) else { continue }
      result.errorSums[place] = errorSums[old]
      result.attemptSums[place] = attemptSums[old]
      result.clean[place] = clean[old]
      for tick in 0..<ErrorWindows.ticks {
        result.errors[tick * count + place] = errors[tick * errorSums.count + old]
        result.attempts[tick * count + place] = attempts[tick * errorSums.count + old]
      }
    }
    return result
  }
}
