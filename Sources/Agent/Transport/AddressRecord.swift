import Cluster

/// What the tries to connect to an address come to: a value that is told of each of them, and has no clock of its own.
///
/// They are judged in the order in which they were begun. One that is still open holds back those after it, so
/// that an answer that overtakes the silence before it does not hide it.
struct AddressRecord {
  private(set) var tries: Int64 = 0
  private(set) var failures: Int64 = 0
  private(set) var answers = false
  /// Those in a row, up to the last, that nobody answered.
  private(set) var misses = 0
  private(set) var outageBegan: WallTime?
  private(set) var outage: Duration?

  private var open: [Try] = []
  private var nextNumber: Int64 = 0
  /// The last good one that was judged.
  private var latestGood: Moment?

  private struct Try {
    let number: Int64
    var end: Moment?
    var isGood = false
  }

  /// A try has begun.
  ///
  /// - Returns: its number.
  mutating func begin() -> Int64 {
    nextNumber += 1
    open.append(Try(number: nextNumber))
    return nextNumber
  }

  /// A try has ended.
  mutating func end(_ number: Int64, isGood: Bool, at now: Moment) {
    guard let place = open.firstIndex(where: { $0.number == number }) else { return }
    open[place].end = now
    open[place].isGood = isGood
    judgeEnded()
  }

  /// A try says nothing of the address: it is not counted.
  mutating func drop(_ number: Int64) {
    open.removeAll { $0.number == number }
    judgeEnded()
  }

  private mutating func judgeEnded() {
    while let first = open.first, let end = first.end {
      open.removeFirst()
      judge(isGood: first.isGood, at: end)
    }
  }

  /// Whether all that were begun up to this one have been judged.
  func isJudged(upTo number: Int64) -> Bool { open.first.map { $0.number > number } ?? true }

  /// The newest one that was begun.
  var newest: Int64 { nextNumber }

  private mutating func judge(isGood: Bool, at now: Moment) {
    tries += 1
    if isGood {
      if !answers, let latestGood { outage = now.since(latestGood) }
      answers = true
      misses = 0
      latestGood = now
    } else {
      failures += 1
      misses += 1
      if answers {
        outageBegan = latestGood?.wall
        outage = nil
      }
      answers = false
    }
  }
}
