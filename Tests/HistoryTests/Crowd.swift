import Cluster

/// A load balancer with so many servers, some of which have done something since the frame before.
struct Crowd {
  private let roster: Roster
  private var figures: [Int64]
  private let notes: [String]
  private var second: Int64 = 0

  /// What says it, by its place in the poll plan.
  private let source: SourceID

  init(servers: Int, source: SourceID = SourceID(0)) {
    self.source = source
    roster = Roster(
      rows: (0..<servers).map { place in
        Roster.Row(
          proxy: "web", name: "s\(place)", kind: .server,
          address: "10.\(place >> 16).\(place >> 8 & 255).\(place & 255):80", mode: "http")
      })
    figures = (0..<servers * StatFigure.count).map { $0 % 3 == 0 ? Int64($0) * 7919 : StatTable.absent }
    notes = [String](repeating: "UP", count: servers * StatNote.count)
  }

  /// The next one, or that of a second.
  mutating func frame(at second: Int? = nil) -> Frame {
    self.second = second.map(Int64.init) ?? self.second + 1
    let second = self.second
    for place in stride(from: Int(second % 3) * 3, to: figures.count, by: 9) { figures[place] &+= 17 }
    let at = Moment(
      wall: WallTime(nanoseconds: 1_700_000_000_000_000_000 + second * 1_000_000_000),
      uptime: Uptime(nanoseconds: second * 1_000_000_000))
    let sample = ProxySample(
      stat: StatTable(roster: roster, figures: figures, notes: notes), info: nil, servers: nil, level: nil)
    return Frame(
      at: at,
      readings: [
        Reading(source: source, at: at, took: .milliseconds(1), outcome: .sample(.proxy(sample)))
      ], isBetweenTicks: false)
  }
}
