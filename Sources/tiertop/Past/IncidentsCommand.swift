import Cluster
import Dashboard
import Glibc
import History
import Platform
import Wire

/// `tiertop incidents [LAYOUT]`: what went wrong, and for how long, the newest last.
struct IncidentsCommand {
  private let invocation: Invocation
  private let span: TimeSpan

  private static let usual = Duration.days(30)

  init(_ invocation: Invocation) throws(UsageError) {
    self.invocation = invocation
    span = try PastSpan.span(invocation, usual: IncidentsCommand.usual, now: PastStore.now(for: invocation))
  }

  func run() throws -> ExitStatus {
    let timeline = try PastStore.timeline(for: invocation)
    do throws(StoreFailure) {
      let (incidents, end) = try timeline.incidents(in: span)
      if invocation.has(.json) {
        var json = JSONWriter()
        IncidentsDocument(
          cluster: try timeline.clusterName(), span: span, incidents: incidents, recordedUntil: end
        ).write(to: &json)
        Output.write(json.bytes, to: STDOUT_FILENO)
      } else {
        Output.print(text(of: incidents, recordedUntil: end))
      }
    } catch {
      throw PastFailure.store(error)
    }
    return .good
  }

  private func text(of incidents: [Incident], recordedUntil end: WallTime) -> String {
    if incidents.isEmpty { return "" }
    let rows = incidents.map { incident in
      [
        LocalTime.text(of: incident.start), incident.lasted(at: end), incident.word,
        Figures.percent(incident.worstErrorRate), String(incident.eventCount),
        incident.nodes.map(\.text).joined(separator: ", "),
      ]
    }
    return TextColumns([["START", "LASTED", "WORST", "ERR", "EVENTS", "NODES"]] + rows, right: [1, 3, 4]).text
  }
}

extension Timeline {
  /// How long before the span it is looked for one that reaches into it.
  private static let reach = Duration.days(90)

  /// The incidents that touch a span, oldest first, and by when it is known of them: the last frame, or the
  /// end of the span.
  func incidents(in span: TimeSpan) throws(StoreFailure) -> ([Incident], knownUntil: WallTime) {
    guard let recorded = try self.span() else { return ([], span.end) }
    let end = min(span.end, recorded.end)
    let start = min(end, span.start.advanced(by: .zero - Timeline.reach))
    let events = try events(in: start...end, limit: .max).compactMap { try? $0.event.get() }
    let gaps = try gaps(in: start...end).filter { $0.reason != .clockBack }
      .map { TimeSpan(from: $0.start, to: $0.end) }
    let found = Incident.list(from: events, within: TimeSpan(from: start, to: end), gaps: gaps)
    return (found.filter { ($0.end ?? end) >= span.start }, end)
  }
}
