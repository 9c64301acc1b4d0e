import Cluster
import Control
import Dashboard

/// Remembers what people set, and writes down what was done: beside the load balancers, which forget.
///
/// Nothing here keeps a change from being made: what cannot be remembered or written down is complained of,
/// each complaint once.
final class ChangeMemory {
  private let actor: Actor
  private let complain: (String) -> Void
  private let file: IntentFile?
  private let log: AuditLog
  private var complaints: Set<String> = []

  /// `complain` is given one line for the user.
  init(of layout: Layout, actor: Actor, complain: @escaping (String) -> Void) {
    self.actor = actor
    self.complain = complain
    log = AuditLog(targets: layout.audit, cluster: layout.cluster)
    do {
      file = IntentFile(directory: try StateDirectory(), cluster: layout.memoryName) { complain($0.words) }
    } catch {
      file = nil
      complain(error.words)
    }
  }

  /// What people last set, where that is other than when it was asked last; nil where it is the same.
  func intentsIfChanged() -> Intents? {
    do {
      return try file?.readIfChanged()
    } catch {
      tell(error.words)
      return nil
    }
  }

  /// Takes in how a change ended on one load balancer, and returns what is wanted now, of everybody; nil where
  /// it could not be remembered.
  func note(_ change: Change, _ result: BalancerResult, note: String) -> Intents? {
    let entries = result.outcomes.sorted { $0.key < $1.key }.map { place, outcome in
      AuditEntry(
        change.steps[place], outcome, purpose: change.purpose, by: actor, note: note, at: result.at.wall
      ) { $0.words }
    }
    write(entries)
    guard result.outcomes.values.contains(.done) else { return nil }
    do {
      return try file?.update { $0.learn(change, result, by: actor, note: note) }
    } catch {
      tell(error.words)
      return nil
    }
  }

  /// A change that the layout's floor forbade.
  func noteBelowFloor(_ change: Change, note: String, at time: WallTime) {
    write(
      change.steps.map {
        AuditEntry(belowFloor: $0, purpose: change.purpose, by: actor, note: note, at: time)
      })
  }

  private func write(_ entries: [AuditEntry]) {
    for failure in log.write(entries) { tell(failure.words) }
  }

  private func tell(_ words: String) {
    if complaints.insert(words).inserted { complain(words) }
  }
}
