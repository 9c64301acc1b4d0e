import Cluster

extension WallTime {
  /// Seconds since 1970 as `date +%s.%N` prints them; nil for anything else, also for what is long ago.
  init?(secondsSince1970 text: some StringProtocol) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, (9...10).contains(whole.utf8.count), let seconds = Int64(digits: whole),
      seconds < WallTime.mostSeconds
    else {
      return nil
    }
    var fraction: Int64 = 0
    if parts.count == 2 {
      let known = parts[1].prefix(9)
      guard let number = Int64(digits: known) else { return nil }
      fraction = (known.utf8.count..<9).reduce(number) { value, _ in value * 10 }
    }
    self.init(nanoseconds: seconds * 1_000_000_000 + fraction)
  }

  /// Seconds since 1970; nil where that is no time of a program that runs now.
  init?(secondsSince1970 seconds: Double) {
    guard seconds >= 1e8, seconds < Double(WallTime.mostSeconds) else { return nil }
    self.init(nanoseconds: Int64((seconds * 1e6).rounded()) * 1000)
  }

  /// A little less than what nanoseconds can count: in the year 2255.
  private static let mostSeconds: Int64 = 9_000_000_000
}

extension Int64 {
  fileprivate init?(digits text: some StringProtocol) {
    guard text.utf8.allSatisfy({ $0 >= ASCII.zero && $0 <= ASCII.zero + 9 }) else { return nil }
    self.init(text)
  }
}
