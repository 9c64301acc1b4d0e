import Cluster

extension EdgeRate? {
  /// `120/s`, where it is inferred `≈120/s`, of connections `12 conn/s`, or `12c/s` where that is wider than
  /// `width`. At most 8 columns, without a limit 12.
  func words(_ glyphs: Glyphs, width: Int = .max) -> String {
    switch self {
    case .counted(let rate): return Figures.rate(rate)
    case .inferred(let rate): return glyphs.about + Figures.rate(rate)
    case .connections(let rate):
      let number = Figures.rate(rate).dropLast(2)
      let words = "\(number) conn/s"
      return words.columns <= width ? words : "\(number)c/s"
    case nil: return Figures.absent
    }
  }

  /// What is inferred stands back behind what was counted.
  var style: Style {
    switch self {
    case .counted, .connections: Style(.accent)
    case .inferred: Style(.accent, .dim)
    case nil: Style(.stale)
    }
  }

  /// Where the figure comes from.
  var meaning: String {
    switch self {
    case .counted: "counted by the load balancers"
    case .inferred: "inferred: what the tier itself was asked"
    case .connections: "new connections, by the firewall"
    case nil: "nobody counts it"
    }
  }
}
