import Cluster
import Dashboard
import History

/// How well it was served until a time: the availability of the cluster and of each tier.
struct PastService {
  /// What the newest layout aims at, 0…1.
  var objective: Double
  /// The cluster first, then the tiers by name; for each, what is known of each of `Availability.windows`.
  var scopes: [(scope: ServiceScope, windows: [Availability])]

  /// A line for each scope and each of time and requests; empty where nothing at all is known.
  var text: String {
    if scopes.isEmpty { return "" }
    var rows: [[String]] = []
    for (scope, windows) in scopes {
      let budget = windows.last?.budget(objective: objective)
      rows.append(
        [scope.words, "time"] + windows.map { $0.words($0.timeShare) }
          + [Figures.budget(spent: budget?.timeSpent)])
      rows.append(
        [scope.words, "requests"] + windows.map { $0.words($0.requestShare) }
          + [Figures.budget(spent: budget?.requestsSpent)])
    }
    let heads = ["SERVED", "BY", "1h", "24h", "7d", "30d", "LEFT 30d"]
    return TextColumns([heads] + rows, right: [2, 3, 4, 5, 6]).text
      + "objective \(Figures.availability(objective)); left: of what may fail in the time known\n"
  }
}

extension Timeline {
  /// How it was served, over each of `Availability.windows` that end at a time.
  func service(until end: WallTime, objective: Double) throws(StoreFailure) -> PastService {
    let longest = Availability.windows.max() ?? .days(30)
    // A window is widened to whole minutes.
    let minutes = try service(since: end.advanced(by: .zero - longest - ServiceMinute.length))
    let scopes = minutes.sorted { $0.key.words < $1.key.words }
      .sorted { $0.key == .cluster && $1.key != .cluster }
      .map { (scope: $0.key, windows: Availability.overWindows(of: $0.value, until: end)) }
    return PastService(objective: objective, scopes: scopes)
  }
}
