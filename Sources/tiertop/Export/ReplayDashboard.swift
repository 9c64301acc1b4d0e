import Cluster
import Dashboard
import History
import Platform
import Terminal

/// The dashboard on a stretch that was saved. There is nothing live here: no source is asked, nothing is recorded,
/// and there is no way to change anything.
final class ReplayDashboard {
  let session: DashboardSession
  private let loop: EventLoop
  private let record: Record
  private let utcOffset: Int
  /// Where the first frame of the stretch is, and the last.
  private let ends: TimeSpan

  init(
    _ file: ReplayFile, named name: String, layout: Layout, look: Look, terminal: Terminal, loop: EventLoop
  ) {
    self.loop = loop
    let record = Record(of: file, layout)
    self.record = record
    utcOffset = look.utcOffset
    let span = file.header.span
    let recorded = try? file.timeline.span()
    let ends = TimeSpan(from: recorded?.start ?? span.start, to: recorded?.end ?? span.end)
    self.ends = ends
    let state = State(
      model: ClusterModel(layout: layout), preferences: layout.screen, look: look, isReadOnly: true,
      file: SavedStretch(name: name, span: ends))
    session = DashboardSession(
      state, of: .init(cluster: file.header.cluster, record: { record }, end: { ends.end }), on: terminal,
      loop: loop)
  }

  /// Shows the stretch until the user leaves, or a signal ends the program.
  func run(from moment: TimeExpression?) throws(SystemError) {
    try session.begin()
    // What is now, for everything that is told relative to it, is the end of the file.
    session.take(.clock(Moment(wall: ends.end, uptime: loop.now.uptime)))
    begin(at: moment)
    try loop.run()
    session.end()
  }

  /// Where the trouble begins, because of which somebody has saved it; else where it begins.
  private func begin(at moment: TimeExpression?) {
    if let moment {
      session.carryOut(.look(.at(moment.resolved(now: ends.end, utcOffset: utcOffset))))
      return
    }
    if case .success(let picture) = record.look(
      .incident(after: ends.start.advanced(by: .nanoseconds(-1)))), picture.place.at <= ends.end
    {
      session.lookup.show(picture, of: record)
      session.take(.notice("the first incident begins here; < goes back, } to the next one"))
    } else {
      session.carryOut(.look(.at(ends.start)))
    }
  }
}
