import Cluster

/// The minutes of everything over a stretch, hour by hour, and in each series by series: of hours that are not over the
/// store has one row a minute with all series in it, which is read once for all of them.
final class ExportRollUps {
  /// Whole hours that are written in one block of a series, as the store has them.
  private struct Piece {
    var span: ClosedRange<WallTime>
    /// Whether some of it is not in blocks yet.
    var isOpen: Bool
  }

  /// What a block has.
  struct Block {
    var content: ByteWriter
    var minutes: Int
  }

  private let timeline: Timeline
  private let series: [(number: Int64, series: Series)]
  /// What is left, the next one at the end.
  private var pieces: [Piece]
  /// Of the piece that is under way: the minutes that are in no block, as far as they are read, and the last row of them;
  /// then the series that comes next.
  private var open = OpenMinutes()
  private var row: Int64 = 0
  private var next: Int?

  /// Hours in a block at most.
  private static let mostHours = 24
  /// Bytes of open minutes that are read in a step.
  private static let bytesEachStep = 256 << 10

  init(_ timeline: Timeline, in span: ClosedRange<WallTime>) throws(StoreFailure) {
    self.timeline = timeline
    series = try timeline.numberedSeries()
    pieces = ExportRollUps.pieces(of: span, open: try timeline.openHours()).reversed()
  }

  private static func pieces(of span: ClosedRange<WallTime>, open: Set<Int64>) -> [Piece] {
    var pieces: [Piece] = []
    var hour = Resolution.hour.index(of: span.lowerBound)
    let last = Resolution.hour.index(of: span.upperBound)
    while hour <= last {
      var end = hour
      if !open.contains(hour) {
        while end < last, end - hour + 1 < mostHours, !open.contains(end + 1) { end += 1 }
      }
      let from = max(span.lowerBound, Resolution.hour.start(of: hour))
      let to = min(
        span.upperBound, Resolution.hour.start(of: end + 1).advanced(by: .nanoseconds(-1)))
      pieces.append(Piece(span: from...to, isOpen: open.contains(hour)))
      hour = end + 1
    }
    return pieces
  }

  /// Whether nothing is left.
  var isEmpty: Bool { pieces.isEmpty }

  /// The next block; nil where none is to be written yet.
  func step() throws(StoreFailure) -> Block? {
    guard let piece = pieces.last else { return nil }
    guard let place = next else {
      let hasMore = piece.isOpen ? try readOpenMinutes(of: piece) : false
      if !hasMore { next = 0 }
      return nil
    }
    guard place < series.count else {
      pieces.removeLast()
      (open, row, next) = (OpenMinutes(), 0, nil)
      return nil
    }
    next = place + 1
    let (number, own) = series[place]
    let points = try timeline.database.view { () throws(StoreFailure) in
      try timeline.minutes(of: number, in: piece.span, open: open.take(number))
    }
    if points.isEmpty { return nil }
    var content = ByteWriter()
    content.signed(own.kind)
    content.text(own.name)
    content.count(points.count)
    for point in points {
      content.signed(Resolution.minute.index(of: point.start))
      RollUpCode.write(point.rollUps, to: &content)
    }
    return Block(content: content, minutes: points.count)
  }

  /// Reads some of the rows of an hour; false where all are read.
  private func readOpenMinutes(of piece: Piece) throws(StoreFailure) -> Bool {
    var left = ExportRollUps.bytesEachStep
    return try timeline.eachOpenMinute(in: piece.span, after: row) { row, minute, data in
      open.add(data, number: row, minute: minute)
      self.row = row
      left -= data.count
      return left > 0
    }
  }
}
