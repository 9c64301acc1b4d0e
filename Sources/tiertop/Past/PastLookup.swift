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
    case .look(let request): answer(record()?.look(request)) { .past($0) }
    case .lookForStrip(let span, let parts):
      if let strip = record()?.strip(of: span, parts: parts) { take(.strip(strip)) }
    case .lookForGraph(let request):
      // Afterwards: the frame that it is asked for with has to be recorded before.
      loop.later { [weak self] in
        guard let self else { return }
        graph = record()?.graph(request)
        if let graph { read(graph, request) }
      }
    case .lookForIncidents: answer(record()?.incidents(until: end)) { .incidents($0) }
    case .countIncident(let start):
      // One a round.
      loop.later { [weak self] in
        self?.take(.counts(record()?.counts(ofIncidentAt: start), incidentAt: start))
      }
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

  /// Reads a graph, a little in each round; what was asked for since is read instead.
  private func read(_ reading: GraphReading, _ request: GraphRequest) {
    guard reading === graph else { return }
    if (try? reading.step()) == true {
      loop.later { [weak self] in self?.read(reading, request) }
    } else {
      graph = nil
      take(.graph(GraphPicture(request, series: reading.series)))
    }
  }
}
