/// Errors and attempts of each node over the last ticks: what error rates are judged by, so that one failed
/// request in a quiet second does not raise an alarm.
struct ErrorWindows: Sendable {
  /// Ten seconds at one tick a second.
  static let ticks = 10

  private var errors: [Int64]
  private var attempts: [Int64]
  private var errorSums: [Int64]
  private var attemptSums: [Int64]
  private var slot = 0

  init(count: Int) {
    errors = [Int64](repeating: 0, count: count * ErrorWindows.ticks)
    attempts = errors
    errorSums = [Int64](repeating: 0, count: count)
    attemptSums = errorSums
  }

  /// Begins a tick: what is older than the window is forgotten.
  mutating func beginTick() {
    slot = (slot + 1) % ErrorWindows.ticks
    for place in errorSums.indices {
      let index = place * ErrorWindows.ticks + slot
      errorSums[place] -= errors[index]
      attemptSums[place] -= attempts[index]
      errors[index] = 0
      attempts[index] = 0
    }
  }

  mutating func note(errors: Int64?, attempts: Int64?, of place: Int) {
    guard var errors, var attempts else { return }
    let index = place * ErrorWindows.ticks + slot
    // No real count comes near these bounds; a hostile one must not overflow the sums.
    errors = min(errors, 1 << 40)
    attempts = min(attempts, 1 << 40)
    // There may be several readings in one tick.
    self.errors[index] += errors
    self.attempts[index] += attempts
    errorSums[place] += errors
    attemptSums[place] += attempts
  }

  func sums(of place: Int) -> (errors: Int64, attempts: Int64) { (errorSums[place], attemptSums[place]) }

  func moved(to count: Int, from before: (Int) -> Int?) -> ErrorWindows {
    var result = ErrorWindows(count: count)
    result.slot = slot
    for place in 0..<count {
      guard let old = before(place) else { continue }
      result.errorSums[place] = errorSums[old]
      result.attemptSums[place] = attemptSums[old]
      for tick in 0..<ErrorWindows.ticks {
        result.errors[place * ErrorWindows.ticks + tick] = errors[old * ErrorWindows.ticks + tick]
        result.attempts[place * ErrorWindows.ticks + tick] = attempts[old * ErrorWindows.ticks + tick]
      }
    }
    return result
  }
}
