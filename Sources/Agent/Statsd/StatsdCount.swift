import Cluster
import Wire

/// What was told of one node, as its listener and its polls share it.
final class StatsdCount {
  let node: NodeName
  var tally: RequestTally
  /// Called when something is heard for the first time.
  var onFirst: (() -> Void)?

  init(node: NodeName, started: WallTime) {
    self.node = node
    tally = RequestTally(started: started)
  }
}
