import Cluster
import Glibc
import History
import Platform
import Wire

/// `tiertop events [LAYOUT]`: what has happened, a line each, the newest last.
struct EventsCommand {
  private let invocation: Invocation
  private let span: TimeSpan

  private static let usual = Duration.days(7)

  init(_ invocation: Invocation) throws(UsageError) {
    self.invocation = invocation
    span = try PastSpan.span(invocation, usual: EventsCommand.usual, now: PastStore.now(for: invocation))
  }

  func run() throws -> ExitStatus {
    let timeline = try PastStore.timeline(for: invocation)
    do throws(StoreFailure) {
      let happenings = try timeline.happenings(in: span)
      if invocation.has(.json) {
        var json = JSONWriter()
        EventsDocument(cluster: try timeline.clusterName(), span: span, happenings: happenings)
          .write(to: &json)
        Output.write(json.bytes, to: STDOUT_FILENO)
      } else {
        Output.print(text(of: happenings))
      }
    } catch {
      throw PastFailure.store(error)
    }
    return .good
  }

  private func text(of happenings: [Happening]) -> String {
    TextColumns(
      happenings.map { [LocalTime.text(of: $0.at), $0.node?.text ?? "-", $0.words] }
    ).text
  }
}
