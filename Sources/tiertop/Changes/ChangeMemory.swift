import Cluster
import Control
import Dashboard
import Platform

/// Who does what, and what of it is remembered: the intents file and the audit.
///
/// That something cannot be remembered is said, and is never a reason not to do it.
final class ChangeMemory {
  let actor = Actor.current()
  private let note: String
  private let audit: AuditLog
  private var file: IntentFile?

  init(_ layout: Layout, note: String) {
    self.note = note
    audit = AuditLog(targets: layout.audit, cluster: layout.cluster)
    do {
      file = IntentFile(directory: try StateDirectory(), cluster: layout.cluster) { damage in
        Output.warn(damage.words)
      }
    } catch {
      Output.warn(error.words)
    }
  }

  /// What people have set before; nil where nothing is known of that.
  func intents() -> Intents? {
    do {
      return try file?.readIfChanged()
    } catch {
      Output.warn(error.words)
      return nil
    }
  }

  /// Writes down how a change ended on one load balancer.
  func note(_ change: Change, _ result: BalancerResult) {
    write(
      result.outcomes.sorted { $0.key < $1.key }.map { place, outcome in
        AuditEntry(
          change.steps[place], outcome, purpose: change.purpose, by: actor, note: note, at: result.at.wall
        ) { $0.words }
      })
    do {
      _ = try file?.update { $0.learn(change, result, by: actor, note: note) }
    } catch {
      Output.warn("what was set is not remembered: \(error.words)")
    }
  }

  /// Writes down that the floor forbade a change.
  func noteBelowFloor(_ change: Change, at time: WallTime) {
    write(
      change.steps.map {
        AuditEntry(belowFloor: $0, purpose: change.purpose, by: actor, note: note, at: time)
      })
  }

  private func write(_ entries: [AuditEntry]) {
    for failure in audit.write(entries) { Output.warn(failure.words) }
  }
}
