import Cluster
import Control
import Dashboard
import Glibc
import History
import LayoutFile

/// The record of the cluster that is watched: written here, or where another program writes it, only read.
final class Record {
  private let path: String
  private let layout: Layout
  private let interval: Duration
  private let objective: Double
  private let limits: HealthLimits
  private let complain: (String) -> Void
  private var recorder: Recorder?
  private var timeline: Timeline?
  private var replay: Replay?
  private var unsaid = UnsaidChanges()
  /// The incidents that were listed last, oldest first, and by when; and what is counted of those that are over.
  private var listed: (incidents: [Incident], end: WallTime) = ([], WallTime(nanoseconds: 0))
  private var countings: [WallTime: IncidentCounting] = [:]
  /// Why nothing is being recorded, though this is who records; said once. nil while all is well.
  private(set) var trouble: String?

  /// Events that a picture of the past has with it.
  static let events = 500

  /// Opens nothing yet.
  ///
  /// - Parameter complain: is given one line for the user.
  init(of layout: Layout, at path: String, complain: @escaping (String) -> Void) {
    self.path = path
    self.layout = layout
    self.complain = complain
    interval = layout.interval
    objective = layout.objective
    limits = layout.health.defaults
  }

  // MARK: Recording

  /// Whether this is who records.
  var isRecording: Bool { recorder != nil }

  /// Begins to record, where nobody does.
  ///
  /// - Parameter takesOver: whether it goes on with what another program has recorded until now.
  func begin(takesOver: Bool, at now: WallTime) throws(StoreFailure) {
    var options = Recorder.Options()
    options.policy = layout.history
    options.program = .dashboard
    options.nodes = layout.nodes.count
    options.takesOver = takesOver
    let recorder = try Recorder(
      path: path, cluster: layout.memoryName, options: options, now: now, layoutOf: Record.layout)
    begin(recorder)
    if let aside = recorder.setAside { complain("the record was damaged: it was set aside as \(aside)") }
    unsaid = UnsaidChanges(continuing: path, at: now)
    self.recorder = recorder
  }

  /// A layout that is shown otherwise is no other one: it is recorded as it was.
  private func begin(_ recorder: Recorder) {
    if let last = try? Timeline(path: path).newestLayout(),
      let recorded = Record.layout(from: last.text), layout.isWatched(like: recorded)
    {
      recorder.begin(layout: last.text, description: last.description)
    } else {
      recorder.begin(layout: LayoutFile.text(of: layout), description: layout.cluster)
    }
  }

  /// A stretch that was saved in a file: it is only looked at.
  convenience init(of file: ReplayFile, _ layout: Layout) {
    self.init(of: layout, at: file.timeline.path) { _ in }
    timeline = file.timeline
    replay = Replay(file.timeline, layoutOf: Record.layout)
  }

  /// Begins to save a stretch as a file. What is saved is read by another connection, so that neither waits.
  func export(_ span: TimeSpan, to file: String, _ options: StoreExport.Options) throws(ExportFailure)
    -> StoreExport
  {
    let timeline: Timeline
    do { timeline = try ReplayFile.isOne(path) ? reading().0 : Timeline(path: path) } catch {
      throw .store(error)
    }
    return try StoreExport(of: span, in: timeline, to: file, options)
  }

  /// Records a frame, and what it made. What cannot be recorded is complained of once.
  func note(_ frame: Frame, _ snapshot: Snapshot, events: [Event]) {
    guard let recorder else { return }
    let events = events + unsaid.changes(in: snapshot, beside: events)
    let words = recorder.record(frame, snapshot, events: events)?.failure.words
    if let words, words != trouble { complain("not recorded: \(words)") }
    trouble = words
  }

  /// Whether whoever recorded before has left a minute to be summed up.
  var hasBacklog: Bool { recorder?.hasBacklog ?? false }

  /// Sums up a little of it; false where nothing is left.
  func sumUp() -> Bool { recorder?.sumUp() ?? false }

  /// Records no more; another program may. What was recorded can still be looked at.
  func letGo() {
    recorder?.close()
    recorder = nil
    trouble = nil
  }

  // MARK: Looking

  /// What was recorded in the minutes before; nil where there is nothing.
  func pastMinutes(before now: WallTime) -> PastMinutes? {
    PastMinutes(of: path, before: now, layoutOf: Record.layout)
  }

  /// What a request finds; nil where there is nothing, and then why.
  func look(_ request: PastRequest) -> Result<PastPicture, Emptiness> {
    do throws(StoreFailure) {
      let (timeline, replay) = try reading()
      guard let span = try timeline.span() else { return .failure(.nothing("nothing is recorded yet")) }
      var wanted: WallTime?
      var sequence: FrameNumber?
      switch request {
      case .at(let time):
        wanted = time
        sequence = try timeline.sequence(at: time) ?? span.first
      case .step(let count, let place):
        let next = max(span.first, min(span.last, place.sequence + Int64(count)))
        sequence = try timeline.readable(from: next, isForward: count > 0) ?? place.sequence
        if sequence == place.sequence {
          return .failure(.nothing(count < 0 ? "this is the beginning" : "this is the end"))
        }
      case .incident(let time):
        guard let start = try timeline.incident(after: time, in: span) else {
          return .failure(.nothing("there is no incident after this"))
        }
        sequence = try timeline.sequence(at: start)
      case .incidentBefore(let time):
        guard let start = try timeline.incident(before: time, in: span) else {
          return .failure(.nothing("there is no incident before this"))
        }
        sequence = try timeline.sequence(at: start)
      }
      guard let sequence, let moment = try replay.moment(at: sequence) else {
        return .failure(.nothing("nothing was recorded then"))
      }
      return .success(
        PastPicture(
          place: PastPlace(sequence: moment.sequence, at: moment.at.wall), model: moment.model, at: moment.at,
          events: try timeline.lastEvents(until: moment.at.wall, limit: Record.events),
          gap: try wanted.flatMap { time throws(StoreFailure) in
            try gap(at: time, beside: moment.at.wall, timeline)
          }))
    } catch {
      return .failure(.nothing(error.words))
    }
  }

  /// Begins to read what the trails of a picture show of the minutes before it; nil where it shows them already.
  func trails(of place: PastPlace) -> TrailReading? {
    guard let (_, replay) = try? reading() else { return nil }
    return (try? replay.trails(until: place.sequence)) ?? nil
  }

  /// All incidents of the last month, newest first, and how it was served until now.
  func incidents(until now: WallTime) -> Result<IncidentsPicture, Emptiness> {
    do throws(StoreFailure) {
      let (timeline, _) = try reading()
      guard let span = try timeline.span() else { return .failure(.nothing("nothing is recorded yet")) }
      let start = max(span.start, span.end.advanced(by: .zero - .days(30)))
      listed = (try timeline.incidents(from: start, to: span.end), span.end)
      return .success(
        IncidentsPicture(
          incidents: listed.incidents.reversed(),
          service: try timeline.service(until: now, objective: objective).scopes))
    } catch {
      return .failure(.nothing(error.words))
    }
  }

  /// Counts what failed in an incident of those that were listed last, or has done so; nil where it cannot be read.
  func counting(ofIncidentAt start: WallTime) -> IncidentCounting? {
    if let known = countings[start] { return known }
    guard let incident = listed.incidents.last(where: { $0.start == start }),
      let (timeline, _) = try? reading(),
      let counting = try? IncidentCounting(of: incident, in: timeline, knownUntil: listed.end, limits)
    else { return nil }
    // One that lasts is counted again next time.
    if incident.end != nil { countings[start] = counting }
    return counting
  }

  /// Why there is nothing to be shown; one line.
  enum Emptiness: Error {
    case nothing(String)
  }

  /// The bar of a span; nil where there is no record.
  func strip(of span: TimeSpan, parts: Int) -> TimeStrip? {
    guard let (timeline, _) = try? reading(),
      let buckets = try? timeline.strip(of: span.start..<span.end, buckets: parts)
    else { return nil }
    var strip = TimeStrip(span: span, buckets: buckets, interval: interval)
    // The newest ones: where there are more, they are everywhere.
    let moves = try? timeline.events(
      in: span.start...span.end, kinds: [.moved], limit: Record.mostFailovers, newestFirst: true)
    for event in moves ?? [] { strip.noteFailover(at: event.at) }
    return strip
  }

  private static let mostFailovers = 200

  /// Begins to read the figures of a stretch, up to the newest frame that is recorded; nil where nothing can be read.
  func graph(_ request: GraphRequest) -> GraphReading? {
    guard let (timeline, _) = try? reading() else { return nil }
    return try? GraphReading(
      timeline, of: request.subject, in: request.span, columns: request.columns, layoutOf: Record.layout)
  }

  private func reading() throws(StoreFailure) -> (Timeline, Replay) {
    if let timeline, let replay, !timeline.isReplaced { return (timeline, replay) }
    let timeline = try Timeline(path: path)
    let replay = Replay(timeline, layoutOf: Record.layout)
    self.timeline = timeline
    self.replay = replay
    return (timeline, replay)
  }

  /// The text of a recorded layout as it is told to others; nil where it cannot be read.
  static func shareable(_ text: String) -> String? {
    layout(from: text).map { LayoutFile.text(of: $0.shareable) }
  }

  static func layout(from text: String) -> Layout? { try? LayoutFile.layout(from: Array(text.utf8)) }

  /// Why nothing was recorded at a time; nil where something was.
  private func gap(
    at time: WallTime, beside found: WallTime, _ timeline: Timeline
  ) throws(StoreFailure) -> String? {
    guard let gap = try timeline.gaps(in: time...time).first(where: { $0.start <= time && time < $0.end })
    else {
      return nil
    }
    return gap.reason.words + (gap.words.isEmpty ? "" : " (\(printable(gap.words)))")
  }
}
