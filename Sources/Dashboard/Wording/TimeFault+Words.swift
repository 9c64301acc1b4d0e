public import Cluster

extension TimeFault {
  /// What is wrong, and what would be understood; one line.
  public var words: String {
    switch self {
    case .empty: "no time is given; " + TimeFault.understood
    case .notUnderstood(let text): "\"\(text)\" is no time; " + TimeFault.understood
    case .noSuchTime(let text): "\"\(text)\": no clock shows that; " + TimeFault.understood
    case .noSuchDate(let text): "\"\(text)\": no calendar has that; " + TimeFault.understood
    }
  }

  /// The forms that are understood, by examples.
  public static let understood =
    "understood are 14:05, 3m ago, -5m, yesterday 09:00, monday 09:00, 2026-11-20 14:05, "
    + "2026-11-20T14:05:10Z, now"
}
