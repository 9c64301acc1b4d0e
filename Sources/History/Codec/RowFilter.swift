import Cluster

/// Those rows of one source that are wanted: what a part of a chunk is reduced to while it is unpacked.
final class RowFilter: NameStore {
  private let names: any NameStore
  private let source: SourceID
  private let cluster: ReducedCluster
  /// By the whole roster; that is held, so that no other one takes its place in the memory.
  private var reduced: [ObjectIdentifier: (whole: Roster, roster: Roster, rows: [Int])] = [:]

  /// A shape with the wanted rows alone, and where each number and text of the whole one stands in it; -1 is
  /// nowhere.
  struct Form {
    var shape: SampleShape
    var numbers: [Int32]
    var texts: [Int32]
  }

  private var forms: [SampleShape: Form] = [:]

  init(_ cluster: ReducedCluster, _ source: SourceID, names: any NameStore) {
    self.cluster = cluster
    self.source = source
    self.names = names
  }

  func roster(_ number: Int64) throws(ChunkFault) -> Roster { reduce(try names.roster(number)).roster }

  func servers(_ number: Int64) throws(ChunkFault) -> [ServerID] { try names.servers(number) }

  private func reduce(_ whole: Roster) -> (whole: Roster, roster: Roster, rows: [Int]) {
    if let known = reduced[ObjectIdentifier(whole)] { return known }
    let rows = cluster.rows(of: whole, from: source)
    let result = (whole, Roster(rows: rows.map { whole.rows[$0] }), rows)
    reduced[ObjectIdentifier(whole)] = result
    return result
  }

  func form(of shape: SampleShape) throws(ChunkFault) -> Form {
    if let known = forms[shape] { return known }
    var form = Form(
      shape: shape, numbers: [Int32](repeating: -1, count: shape.numbers),
      texts: [Int32](repeating: -1, count: shape.texts))
    guard let number = shape.roster else {
      for place in form.numbers.indices { form.numbers[place] = Int32(place) }
      forms[shape] = form
      return form
    }
    let (whole, _, rows) = reduce(try names.roster(number))
    guard whole.count == shape.rows else { throw .invalid("rows of a roster") }
    form.shape.rows = rows.count
    form.shape.states = nil
    form.shape.stateRows = 0
    for (place, row) in rows.enumerated() {
      for figure in RowFilter.figures {
        form.numbers[row * StatFigure.count + figure.rawValue] =
          Int32(place * StatFigure.count + figure.rawValue)
      }
    }
    if shape.hasInfo {
      for place in 0..<SampleShape.infoNumbers {
        form.numbers[shape.rows * StatFigure.count + place] = Int32(rows.count * StatFigure.count + place)
      }
    }
    forms[shape] = form
    return form
  }

  /// What rates, latencies and sessions come from, and what tells that counters began again.
  private static let figures: [StatFigure] = [
    .reqTot, .stot, .scur, .hrsp1xx, .hrsp2xx, .hrsp3xx, .hrsp4xx, .hrsp5xx, .hrspOther, .econ, .eresp,
    .wretr,
    .wredis, .rtime, .ctime, .bin, .bout,
  ]

  /// The same of a sample that is whole.
  func reduce(_ sample: Sample) -> Sample {
    guard case .proxy(let proxy) = sample else { return sample }
    let (_, roster, rows) = reduce(proxy.stat.roster)
    var figures: [Int64] = []
    figures.reserveCapacity(rows.count * StatFigure.count)
    for row in rows { figures += proxy.stat.figures[row * StatFigure.count..<(row + 1) * StatFigure.count] }
    let notes = [String](repeating: "", count: rows.count * StatNote.count)
    return .proxy(
      ProxySample(
        stat: StatTable(roster: roster, figures: figures, notes: notes), info: proxy.info, servers: nil,
        level: proxy.level))
  }
}
