public import Cluster

extension NodeDifference {
  /// Its states: `up → down`, `up → gone`, `new: up`; where they are the same, what was set: `up, weight 100 →
  /// 50`, or one word.
  public var stateWords: String {
    switch (from?.state, to?.state) {
    case (let from?, let to?) where from != to: "\(from.word) → \(to.word)"
    case (_?, let to?): rows.first.map { "\(to.word), \($0.change)" } ?? to.word
    case (let from?, nil): "\(from.word) → gone"
    case (nil, let to?): "new: \(to.word)"
    case (nil, nil): ""
    }
  }

  /// What its servers were set to, and why it is in its state now; empty for nothing.
  public var details: String {
    let rows = self.rows.map(\.words)
    let reason = from?.state != to?.state ? to?.reason?.words : nil
    return (rows + (reason.map { [$0] } ?? [])).joined(separator: ", ")
  }
}

extension FigureDifference {
  /// `100/s → 400/s` where that is news, else only what it is now.
  public var words: String {
    isNews ? "\(figure.text(from)) → \(figure.text(to))" : figure.text(to)
  }
}

extension RowDifference {
  /// `web/web1 on lb1 ready → drain`, `web/web1 on lb1 weight 100 → 50`.
  public var words: String { "\(row.server) on \(row.balancer) \(change)" }

  /// What was set: `ready → drain`, `weight 100 → 50`.
  public var change: String {
    var changes: [String] = []
    if from.admin != to.admin { changes.append("\(from.admin.word) → \(to.admin.word)") }
    if from.weight != to.weight {
      changes.append("weight \(Figures.count(from.weight)) → \(Figures.count(to.weight))")
    }
    return changes.joined(separator: ", ")
  }
}
