public import Cluster

/// What a file of a saved stretch says of itself.
public struct ExportHeader: Hashable, Sendable {
  /// The cluster's name, for people.
  public var cluster: String
  /// The version of the tiertop that made it.
  public var madeBy: String
  public var madeAt: WallTime
  /// From the first to the last frame of the stretch.
  public var span: TimeSpan
  /// The first frame of the stretch; those before it are there for models to begin with.
  public var first: FrameNumber
  public var last: FrameNumber
  /// Blocks of frames that the file has.
  public var chunks: Int

  func write(to writer: inout ByteWriter) {
    writer.text(cluster)
    writer.text(madeBy)
    for time in [madeAt, span.start, span.end] { writer.signed(time.nanoseconds) }
    writer.signed(first)
    writer.signed(last)
    writer.count(chunks)
  }
}

extension ExportHeader {
  init(from reader: inout ByteReader) throws(ChunkFault) {
    cluster = try reader.text()
    madeBy = try reader.text()
    guard cluster.utf8.count <= ExportFormat.mostText, madeBy.utf8.count <= ExportFormat.mostText else {
      throw .tooLarge("name")
    }
    let made = WallTime(nanoseconds: try reader.signed())
    let start = WallTime(nanoseconds: try reader.signed())
    let end = WallTime(nanoseconds: try reader.signed())
    guard [made, start, end].allSatisfy(Origin.foreign.takes), start <= end else { throw .invalid("time") }
    (madeAt, span) = (made, TimeSpan(from: start, to: end))
    first = try reader.signed()
    last = try reader.signed()
    guard 0 < first, first <= last, last < ExportFormat.mostSequence else { throw .invalid("frames") }
    chunks = try reader.index(below: ExportFormat.mostChunks, "chunks")
  }
}
