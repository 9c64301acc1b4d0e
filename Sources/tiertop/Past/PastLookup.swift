import Cluster
import Dashboard
import History
import Platform

/// Carries out those effects of a dashboard that look into a record: what is found comes back as an action.
/// Long readings are made in pieces, so that keys and frames go between.
final class PastLookup {
  private let loop: EventLoop
  private let take: (Action) -> Void
  /// The graph that is being read.
  private var graph: GraphReading?
  /// The trails that are being read.
  private var trails: TrailReading?

  init(on loop: EventLoop, take: @escaping (Action) -> Void) {
    self.loop = loop
    self.take = take
  }

  /// - Parameters:
  ///   - record: asked for when it is needed; nil where nothing is recorded.
  ///   - end: until when incidents are listed.
  /// - Returns: false where the effect is about something else.
  func carryOut(_ effect: Effect, in record: @escaping () -> Record?, until end: WallTime) -> Bool {
    switch effect {
    case .look(let request):
      let record = record()
      let found = record?.look(request)
      answer(found) { .past($0) }
      if let record, case .success(let picture) = found { fill(picture.place, from: record) }
    case .lookForStrip(let span, let parts):
      // Afterwards: a picture waits for no disk, least of all the first one, for which the record would be opened.
      loop.later { [weak self] in
        if let self, let strip = record()?.strip(of: span, parts: parts) { take(.strip(strip)) }
      }
    case .lookForGraph(let request):
      // Afterwards: the frame that it is asked for with has to be recorded before.
      loop.later { [weak self] in
        guard let self else { return }
        graph = record()?.graph(request)
        if let graph { read(graph, request) }
      }
    case .lookForIncidents: answer(record()?.incidents(until: end)) { .incidents($0) }
    case .countIncident(let start): count(record()?.counting(ofIncidentAt: start), start)
    case .quit, .redraw, .apply, .save, .suspend: return false
    }
    return true
  }

  private func answer<Found>(_ found: Result<Found, Record.Emptiness>?, _ action: (Found) -> Action) {
    switch found {
    case .success(let found): take(action(found))
    case .failure(.nothing(let words)): take(.notice(words))
    case nil: take(.notice("nothing is recorded"))
    }
  }

  /// Shows a picture that was found in a record.
  func show(_ picture: PastPicture, of record: Record) {
    take(.past(picture))
    fill(picture.place, from: record)
  }

  /// Fills the trails of a picture that is shown, a little at a time; those of what was shown before are given
  /// up, where they are not on the way.
  private func fill(_ place: PastPlace, from record: Record) {
    if trails?.go(to: place.sequence) == true { return }
    trails = record.trails(of: place)
    if let trails { read(trails) }
  }

  private func read(_ reading: TrailReading) {
    loop.whenIdle { [weak self] in
      guard let self, reading === trails else { return }
      if (try? reading.step()) == true { return read(reading) }
      trails = nil
      if let moment = reading.moment { take(.pastTrails(moment.model, at: moment.sequence)) }
    }
  }

  /// Counts what failed in an incident, a little at a time.
  private func count(_ counting: IncidentCounting?, _ start: WallTime) {
    loop.whenIdle { [weak self] in
      guard let self else { return }
      if let counting, (try? counting.step()) == true { return count(counting, start) }
      take(.counts(counting?.counts, incidentAt: start))
    }
  }

  /// Reads a graph, a little at a time; what was asked for since is read instead.
  private func read(_ reading: GraphReading, _ request: GraphRequest) {
    loop.whenIdle { [weak self] in
      guard let self, reading === graph else { return }
      if (try? reading.step()) == true { return read(reading, request) }
      graph = nil
      take(.graph(GraphPicture(request, series: reading.series)))
    }
  }
}
