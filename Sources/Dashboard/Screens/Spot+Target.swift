import Cluster

extension Spot {
  /// What a click is about.
  enum Target: Hashable, Sendable {
    case node(NodeName)
    case view(ScreenPreferences.View)
    case sort(Sort.Key)
    /// Counted from the newest.
    case event(Int)
    case metric(Metric)
    case help
    /// The line that names the worst node.
    case alert(NodeName)
    /// A change that lies over the view.
    case panel
    case timeBar
  }
}
