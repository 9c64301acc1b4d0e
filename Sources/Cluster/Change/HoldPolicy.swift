/// When what a person set, and something else has changed, is set again without being asked: the layout's
/// `drain: { hold: true }`.
///
/// At once the first time; then ever more rarely, so that two programs that want different things do not
/// fight at full speed.
public struct HoldPolicy: Sendable {
  private struct Attempts {
    var count: Int
    var last: Moment
  }

  private var attempts: [Intents.Key: Attempts] = [:]

  /// From one attempt to the next, doubled each time, up to `longest`.
  static let shortest = Duration.seconds(10)
  static let longest = Duration.seconds(300)
  /// A wish that has held for this long is set again at once when it is lost.
  static let forgiven = Duration.seconds(600)

  public init() {}

  /// The wishes to be set again now; they count as attempts. O(lost).
  public mutating func due(_ lost: [LostIntent], at now: Moment) -> [Intent] {
    if !attempts.isEmpty { attempts = attempts.filter { now.since($0.value.last) < HoldPolicy.forgiven } }
    var due: [Intent] = []
    for intent in lost.map(\.intent) {
      if let before = attempts[intent.key] {
        guard now.since(before.last) >= HoldPolicy.pause(after: before.count) else { continue }
        attempts[intent.key] = Attempts(count: before.count + 1, last: now)
      } else {
        attempts[intent.key] = Attempts(count: 1, last: now)
      }
      due.append(intent)
    }
    return due
  }

  private static func pause(after count: Int) -> Duration {
    min(longest, shortest * (1 << min(count - 1, 10)))
  }
}
