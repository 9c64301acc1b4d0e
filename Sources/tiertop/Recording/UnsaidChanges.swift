import Cluster
import History

/// Nodes that come into trouble, or out of it, without an event of the model's: those whose first reading finds
/// them so. Nobody saw that begin, so live it is no news; but incidents are found in the events of the store,
/// also where a recorder began, or began again, in the middle of one.
struct UnsaidChanges {
  /// Those in trouble by what was recorded, and how.
  private var inTrouble: [NodeName: HealthState] = [:]

  init() {}

  /// Goes on where the recorder before this one ended, where that is so short ago that it is one stretch to
  /// whoever looks for incidents.
  init(continuing path: String, at now: WallTime) {
    guard let timeline = try? Timeline(path: path), let span = try? timeline.span(),
      now.distance(from: span.end) < Incident.quietPeriod
    else { return }
    inTrouble = (try? timeline.troubles(sincePausesOf: Incident.quietPeriod)) ?? [:]
  }

  /// What is to be recorded beside the events of a frame. O(nodes).
  mutating func changes(in snapshot: Snapshot, beside events: [Event]) -> [Event] {
    var said: Set<NodeName> = []
    for event in events {
      guard let node = event.node else { continue }
      switch event.change {
      case .health: said.insert(node)
      case .vanished: inTrouble[node] = nil
      default: break
      }
    }
    var found: [Event] = []
    for (node, report) in zip(snapshot.topology.nodes, snapshot.nodes) {
      let verdict = report.verdict
      // What nobody has read yet says nothing.
      guard verdict.isTrouble || !inTrouble.isEmpty && verdict.state != .unknown else { continue }
      let before = inTrouble.updateValue(verdict.state, forKey: node.name)
      if !verdict.isTrouble { inTrouble[node.name] = nil }
      guard verdict.isTrouble != (before != nil), !said.contains(node.name) else { continue }
      found.append(
        Event(at: snapshot.at.wall, node: node.name, change: .health(from: before ?? .unknown, to: verdict)))
    }
    return found + departures(from: snapshot)
  }

  /// Those that another layout does not have any more.
  private mutating func departures(from snapshot: Snapshot) -> [Event] {
    guard !inTrouble.isEmpty, snapshot.sources.allSatisfy({ $0.age != nil || $0.failure != nil }) else {
      return []
    }
    let gone = inTrouble.keys.filter { snapshot.topology.place(of: $0) == nil }.sorted()
    for node in gone { inTrouble[node] = nil }
    return gone.map { Event(at: snapshot.at.wall, node: $0, change: .vanished) }
  }
}
