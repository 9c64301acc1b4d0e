/// How much of everything a file has so far. Whoever writes one keeps within what whoever reads it takes.
struct ExportTally {
  private var counts: [ExportFormat.Kind: Int] = [:]
  private var unpacked = 0
  private var nameBytes = 0

  /// Bytes that the next packed list may have, unpacked.
  var room: Int { min(ExportFormat.mostUnpacked, ExportFormat.mostUnpackedTogether - unpacked) }

  /// Counts what comes: layouts, names, events, minutes.
  mutating func add(_ more: Int = 1, of kind: ExportFormat.Kind) throws(ChunkFault) {
    counts[kind, default: 0] += more
    guard counts[kind, default: 0] <= ExportFormat.most(of: kind) else { throw .tooLarge("\(kind)") }
  }

  /// Counts a packed list by its bytes, unpacked.
  mutating func add(list bytes: Int, of kind: ExportFormat.Kind) throws(ChunkFault) {
    guard bytes <= room else { throw .tooLarge("\(kind)") }
    unpacked += bytes
  }

  /// Counts a table of names by its bytes, unpacked.
  mutating func add(names bytes: Int) throws(ChunkFault) {
    nameBytes += bytes
    guard nameBytes <= ExportFormat.mostNameBytes else { throw .tooLarge("names") }
  }
}
