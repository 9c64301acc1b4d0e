import Cluster
import LayoutFile

extension LayoutChoice.Failure {
  /// What is wrong and what to do about it; sanitised.
  var words: String {
    switch self {
    case .usage(let error): error.words
    case .file(let error, let path): error.wording(in: path).joined(separator: "\n")
    case .nothingFound:
      """
      there is no layout, and no HAProxy socket in any of the usual places.
        tiertop --socket /path/to/haproxy.sock    watches what that HAProxy balances
        tiertop LAYOUT                            watches the cluster that a file describes
        Scripts/demo                              shows a cluster of its own, on this machine
      Looked for $XDG_CONFIG_HOME/tiertop/layout.yaml, /etc/tiertop/layout.yaml, and
      \(LayoutChoice.usualSockets.joined(separator: ", ")).
      """
    }
  }
}
