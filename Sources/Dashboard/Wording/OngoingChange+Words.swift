import Cluster

extension OngoingChange {
  /// What is changed: `drain web/web1`, `undo: ready web/web1 and 3 more`.
  var title: String {
    let servers = self.servers
    let first = servers.first?.description ?? ""
    let target = servers.count > 1 ? "\(first) and \(servers.count - 1) more" : first
    return "\(change.purpose.prefix)\(action?.words ?? "") \(target)"
  }

  /// How far it is: `DRAIN 1/2`, `DRAIN`; nil while nobody has answered.
  var mark: String {
    let (count, of) = confirmed
    let word = (action?.words ?? "").uppercased()
    return count == of ? word : "\(word) \(count)/\(of)"
  }

  /// How it ended, in one line.
  var summary: String {
    if isDoneEverywhere { return "\(title): done on \(balancers)" }
    let (count, of) = confirmed
    let worst = outcomes.sorted { $0.key < $1.key }.first { $0.value != .done }
    let reason = worst.map { "\(change.steps[$0.key].row.balancer) \($0.value.words)" }
    return "\(title): done on \(count) of \(of)" + (reason.map { "; \($0)" } ?? "")
  }

  private var balancers: String {
    var names: [String] = []
    for name in change.steps.map(\.row.balancer.text) where !names.contains(name) { names.append(name) }
    return names.joined(separator: ", ")
  }
}
