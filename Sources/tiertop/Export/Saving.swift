import Cluster
import Dashboard
import History
import Platform

/// Saves a stretch while the dashboard goes on: some milliseconds of it at a time.
final class Saving {
  private let loop: EventLoop
  private let say: (String) -> Void
  private var work: (export: StoreExport, file: String)?

  /// At a time; keys are answered in between.
  private static let slice = Duration.milliseconds(4)

  /// - Parameter say: is given one line for the user.
  init(on loop: EventLoop, say: @escaping (String) -> Void) {
    self.loop = loop
    self.say = say
  }

  func save(_ span: TimeSpan, of record: Record?, cluster: String, to file: String) {
    guard let record else { return say("nothing is recorded: there is nothing to be saved") }
    if let work { return say("\(work.file) is being saved: \(Int(work.export.progress * 100)) %") }
    let file = File.expanded(file)
    do {
      let options = StoreExport.Options(
        cluster: cluster, madeBy: version, now: loop.now.wall, shareable: Record.shareable)
      work = (try record.export(span, to: file, options), file)
      say("saving \(file) …")
      goOnLater()
    } catch {
      say("not saved: \(error.words)")
    }
  }

  private func goOnLater() {
    loop.whenIdle { [weak self] in self?.goOn() }
  }

  private func goOn() {
    guard let work else { return }
    let start = loop.now.uptime
    do {
      while loop.now.uptime - start < Saving.slice {
        guard let summary = try work.export.step() else { continue }
        self.work = nil
        return say("saved \(summary.words) in \(work.file)")
      }
      goOnLater()
    } catch {
      self.work = nil
      say("not saved: \(error.words)")
    }
  }
}
