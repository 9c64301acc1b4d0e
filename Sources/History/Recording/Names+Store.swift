import Cluster

/// The names of a store: written once each, by content, and read once each.
final class StoredNames: NameStore {
  private let database: Database
  private let zstd: Zstd
  private let origin: Origin
  private var rosters: [Int64: Roster] = [:]
  private var servers: [Int64: [ServerID]] = [:]
  /// The numbers of names that are not as they were written: they come from elsewhere, and were sanitised.
  private var changed: [[UInt8]: Int64] = [:]
  /// Beyond this many none is remembered, so that a cluster that renames itself each second fills no memory.
  private static let most = 256

  init(_ database: Database, _ zstd: Zstd, from origin: Origin = .own) {
    self.database = database
    self.zstd = zstd
    self.origin = origin
  }

  /// The number of names that are these bytes.
  func number(of bytes: [UInt8], chunk: Int64) throws(StoreFailure) -> Int64 {
    if let number = try known(bytes) {
      // Used again, perhaps after long: they have to stay as long as this chunk does.
      try database.statement("UPDATE names SET last=max(last, ?) WHERE id=?").run(
        .number(chunk), .number(number))
      return number
    }
    try database.statement("INSERT INTO names(digest, last, data) VALUES(?, ?, ?)")
      .run(.number(digest(of: bytes)), .number(chunk), .blob(zstd.pack(bytes)))
    return database.lastNumber
  }

  /// The number of names that are these bytes; nil where they were never written.
  func known(_ bytes: [UInt8]) throws(StoreFailure) -> Int64? {
    if let number = changed[bytes] { return number }
    let rows = try database.statement("SELECT id, data FROM names WHERE digest=?")
      .with(.number(digest(of: bytes)))
    defer { rows.reset() }
    while try rows.step() {
      if (try? zstd.unpack(rows.blob(1))) == bytes { return rows.number(0) }
    }
    return nil
  }

  /// As they are written, packed.
  func packed(_ number: Int64) throws(StoreFailure) -> [UInt8]? {
    let row = try database.statement("SELECT data FROM names WHERE id=?").with(.number(number))
    guard try row.step() else { return nil }
    defer { row.reset() }
    return row.blob(0)
  }

  func roster(_ number: Int64) throws(ChunkFault) -> Roster {
    if let known = rosters[number] { return known }
    let roster = try Names.roster(from: bytes(number), origin)
    if origin == .foreign { changed[Names.bytes(of: roster)] = number }
    if rosters.count >= StoredNames.most { rosters = [:] }
    rosters[number] = roster
    return roster
  }

  func servers(_ number: Int64) throws(ChunkFault) -> [ServerID] {
    if let known = servers[number] { return known }
    let list = try Names.servers(from: bytes(number), origin)
    if origin == .foreign { changed[Names.bytes(of: list)] = number }
    if servers.count >= StoredNames.most { servers = [:] }
    servers[number] = list
    return list
  }

  private func bytes(_ number: Int64) throws(ChunkFault) -> [UInt8] {
    guard let packed = try? packed(number) else { throw .missingNames(number) }
    return try zstd.unpack(packed, limit: origin.mostNameBytes)
  }
}
