/// How much of what an objective allows to fail has been spent.
///
/// An objective of 99.9 % allows 0.1 % of the time to be down, and 0.1 % of the requests to fail. The two are
/// counted apart: at night nobody asks what is down, and by day a site that is up can refuse everybody. The one
/// of which less is left is the one that counts.
public struct ErrorBudget: Hashable, Sendable {
  /// 0…1, without 1.
  public let objective: Double
  /// The spent part of the allowed time and of the allowed requests: 0 is nothing, 1 all of it, more is too
  /// much; nil where nothing is known.
  public let timeSpent: Double?
  public let requestsSpent: Double?

  init(objective: Double, timeShare: Double?, requestShare: Double?) {
    // An objective of all leaves no budget; a millionth is what the layout can say.
    let allowed = max(0.000_001, 1 - min(max(0, objective), 1))
    self.objective = objective
    timeSpent = timeShare.map { (1 - $0) / allowed }
    requestsSpent = requestShare.map { (1 - $0) / allowed }
  }

  /// What is left, 1 is all, 0 is nothing, less is overspent; nil where nothing is known.
  public var left: Double? {
    switch (timeSpent, requestsSpent) {
    case (let time?, let requests?): 1 - max(time, requests)
    case (let spent?, nil), (nil, let spent?): 1 - spent
    case (nil, nil): nil
    }
  }
}
