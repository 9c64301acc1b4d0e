import Cluster

/// What a command has done so far, for its document.
struct ChangeStory {
  let options: ChangeOptions
  let layout: Layout
  let actor: Actor
  var preview: ChangePreview?
  /// Load balancers that could not be asked what they have.
  var silent: [ChangePreview.Silent] = []
  /// What was sent, in order.
  var rounds: [Round] = []
  var wait: Wait?
  var end: ChangeEnd?

  struct Round {
    var action: ServerAction
    var applied: AppliedChange
  }

  struct Wait {
    var lasted: Duration
    /// nil where nobody has counted, and where it was not sessions that were waited for.
    var sessions: Int64?
  }

  /// How many load balancers there are that it concerns, or may.
  func count(_ applied: AppliedChange) -> Int {
    applied.change.balancers.count + Set(applied.change.withheld.map(\.row.balancer)).count + silent.count
  }
}
