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
      var (incidents, end) = try timeline.incidents(in: span)
      let layout = try timeline.newestLayout().flatMap { Record.layout(from: $0.text) }
      let service = try timeline.service(
        until: span.end, objective: layout?.objective ?? Layout(cluster: "").objective)
      let limits = (layout ?? Layout(cluster: "")).health.defaults
      for place in incidents.indices {
        let counting = try IncidentCounting(of: incidents[place], in: timeline, knownUntil: end, limits)
        while try counting.step() {}
        if let counts = counting.counts { incidents[place].take(counts) }
      }
      if invocation.has(.json) {
        var json = JSONWriter()
        IncidentsDocument(
          cluster: try timeline.clusterName(), span: span, incidents: incidents, recordedUntil: end,
          service: service
        ).write(to: &json)
        Output.write(json.bytes, to: STDOUT_FILENO)
      } else {
        let list = text(of: incidents, recordedUntil: end)
        Output.print(list.isEmpty || service.text.isEmpty ? list + service.text : list + "\n" + service.text)
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
        incident.countWords(incident.failed), incident.countWords(incident.requests),
        Figures.percent(incident.worstErrorRate), String(incident.eventCount),
        incident.nodes.map(\.text).joined(separator: ", "),
      ]
    }
    return TextColumns(
      [["START", "LASTED", "WORST", "FAILED", "OF", "ERR", "EVENTS", "NODES"]] + rows,
      right: [1, 3, 4, 5, 6]
    ).text
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
