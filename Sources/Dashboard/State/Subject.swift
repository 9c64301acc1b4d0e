import Cluster

/// What the graphs are of.
enum Subject: Hashable, Sendable {
  case cluster
  case tier(TierName)
  /// The selected node.
  case node
}
