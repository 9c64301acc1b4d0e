import Cluster

/// The names of a store: written once each, by content, and read once each.
final class StoredNames: NameStore {
  private let database: Database
  private let zstd: Zstd
  private var rosters: [Int64: Roster] = [:]
  private var servers: [Int64: [ServerID]] = [:]
  /// Beyond this many none is remembered, so that a cluster that renames itself each second fills no memory.
  private static let most = 256

  init(_ database: Database, _ zstd: Zstd) {
    self.database = database
    self.zstd = zstd
  }

  /// The number of names that are these bytes.
  func number(of bytes: [UInt8], chunk: Int64) throws(StoreFailure) -> Int64 {
    let digest = digest(of: bytes)
    let known = try database.statement("SELECT id, data FROM names WHERE digest=?").with(.number(digest))
    while try known.step() {
      if (try? zstd.unpack(known.blob(1))) == bytes {
        let number = known.number(0)
        known.reset()
        return number
      }
    }
    try database.statement("INSERT INTO names(digest, last, data) VALUES(?, ?, ?)")
      .run(.number(digest), .number(chunk), .blob(zstd.pack(bytes)))
    return database.lastNumber
  }

  func roster(_ number: Int64) throws(ChunkFault) -> Roster {
    if let known = rosters[number] { return known }
    let roster = try Names.roster(from: bytes(number))
    if rosters.count >= StoredNames.most { rosters = [:] }
    rosters[number] = roster
    return roster
  }

  func servers(_ number: Int64) throws(ChunkFault) -> [ServerID] {
    if let known = servers[number] { return known }
    let list = try Names.servers(from: bytes(number))
    if servers.count >= StoredNames.most { servers = [:] }
    servers[number] = list
    return list
  }

  private func bytes(_ number: Int64) throws(ChunkFault) -> [UInt8] {
    var packed: [UInt8]?
    do {
      let row = try database.statement("SELECT data FROM names WHERE id=?").with(.number(number))
      if try row.step() {
        packed = row.blob(0)
        row.reset()
      }
    } catch { throw .missingNames(number) }
    guard let packed else { throw .missingNames(number) }
    return try zstd.unpack(packed)
  }
}
