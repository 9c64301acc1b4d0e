import Cluster
import Control

/// What is remembered of a roll, so that `--resume` can go on.
final class RollJournal {
  /// What an earlier roll has left, where this one goes on with it.
  let record: RollRecord?
  private let options: RollOptions
  private let file: RollFile?

  /// - Throws: `UsageError` where there is nothing to go on with, or another roll is under way.
  init(_ options: RollOptions, _ layout: Layout) throws(UsageError) {
    self.options = options
    let old: RollRecord?
    do {
      let file = RollFile(directory: try StateDirectory(), cluster: layout.memoryName)
      if !options.isDryRun { try file.claim() }
      old = try file.read()
      self.file = file
    } catch {
      if case .busy = error { throw .otherRoll(cluster: layout.cluster) }
      if options.resumes { throw .nothingToResume(error.words) }
      Output.warn("where it stands will not be remembered: \(error.words)")
      file = nil
      record = nil
      return
    }
    guard options.resumes else {
      if let old, !old.open.isEmpty {
        Output.warn(
          "a roll of \(old.tier) stopped at \(old.open.map(\.text).joined(separator: ", ")); this one begins anew"
            + " (--resume goes on with that one)")
      }
      record = nil
      return
    }
    guard let old else { throw .nothingToResume("no roll of \(layout.cluster) has stopped") }
    guard old.tier == TierName(options.tier) else {
      throw .nothingToResume("the roll that has stopped is one of tier \(old.tier)")
    }
    guard old.command == options.command else {
      throw .nothingToResume("the roll that has stopped runs another command: \(printable(old.command))")
    }
    record = old
  }

  /// Remembers where it stands.
  func note(_ roll: Roll) {
    do {
      try file?.write(
        RollRecord(
          tier: TierName(options.tier), command: options.command, done: roll.done, open: roll.open))
    } catch {
      Output.warn("where it stands is not remembered: \(error.words)")
    }
  }

  func forget() {
    do {
      try file?.remove()
    } catch {
      Output.warn(error.words)
    }
  }
}
