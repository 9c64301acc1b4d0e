import Cluster

/// A change that is looked at before it is made.
struct Proposal: Sendable {
  /// What is wanted, in words that outlive a frame.
  enum Wish: Hashable, Sendable {
    case action(ServerAction, [NodeName])
    case undo(ChangeOrder.ID)
    case retry(ChangeOrder.ID)
    /// What was set on these nodes and is lost.
    case reapply([NodeName])

    /// What to say where it comes to nothing.
    var emptiness: String {
      switch self {
      case .action: "there is nothing to be done"
      case .undo: "nothing of the last change can be put back"
      case .retry: "there is nothing to try again"
      case .reapply(let nodes):
        nodes.count == 1
          ? "nothing that was set on \(nodes[0]) is lost" : "nothing that was set on these is lost"
      }
    }
  }

  /// What it comes to in the newest frame.
  enum Content: Sendable {
    case ready(Change, ChangePreview)
    case fault(ChangeFault)
    /// The screen does not show what is now.
    case notLive
  }

  var wish: Wish
  /// The only backend that is meant; nil for all.
  var backend: String?
  /// The backends that can be chosen from.
  var backends: [String] = []
  var note = ""
  /// What has been typed of the name of the backend that falls below its floor.
  var typed = ""
  var content = Content.notLive

  /// The name that has to be typed before it is made; nil where one key is enough.
  var nameToType: String? {
    if case .ready(_, let preview) = content { preview.floorBreach?.backend } else { nil }
  }

  mutating func append(_ scalar: Unicode.Scalar) {
    if typed.unicodeScalars.count < Prompt.limit { typed.unicodeScalars.append(scalar) }
  }

  mutating func eraseCharacter() {
    if !typed.isEmpty { typed.removeLast() }
  }
}
