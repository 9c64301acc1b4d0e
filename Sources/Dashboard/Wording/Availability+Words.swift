public import Cluster

extension Availability {
  /// How much of its span is known: `all`, `12m`, `-`.
  public var knownWords: String {
    switch knowledge {
    case .nothing: Figures.absent
    case .little, .much: Figures.span(known)
    case .all: "all"
    }
  }

  /// A share of it with what it is a share of, where that is not the whole span: `99.9 %`, `100 % of 12m`.
  public func words(_ share: Double?) -> String {
    let words = Figures.availability(share)
    switch knowledge {
    case .little, .much: return share == nil ? words : "\(words) of \(Figures.span(known))"
    case .nothing, .all: return words
    }
  }
}
