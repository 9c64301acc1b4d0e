import Cluster

extension LabPlan {
  /// The cluster's name as it may stand in comments, quotes and pages of any of the programs.
  var title: String { Self.title(of: layout) }

  /// The same of any layout.
  static func title(of layout: Layout) -> String {
    let kept = layout.cluster.unicodeScalars.map { scalar -> Character in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_", " ": Character(scalar)
      default: "_"
      }
    }
    return kept.isEmpty ? "a cluster" : String(kept.prefix(80))
  }
}
