import Cluster

/// The rows of a roster, or the names of `show servers state`, as bytes: stored once, by content.
enum Names {
  static func bytes(of roster: Roster) -> [UInt8] {
    var writer = ByteWriter()
    writer.count(roster.count)
    for row in roster.rows {
      writer.byte(row.kind.rawValue)
      for text in [row.proxy, row.name, row.address, row.cookie, row.mode] { writer.text(text) }
    }
    return writer.bytes
  }

  static func roster(from bytes: [UInt8], _ origin: Origin = .own) throws(ChunkFault) -> Roster {
    var reader = ByteReader(bytes, from: origin)
    var rows: [Roster.Row] = []
    for _ in 0..<(try reader.count("rows")) {
      guard let kind = RowKind(rawValue: try reader.byte()) else { throw .invalid("kind of a row") }
      var row = Roster.Row(proxy: try reader.text(), name: try reader.text(), kind: kind)
      row.address = try reader.text()
      row.cookie = try reader.text()
      row.mode = try reader.text()
      rows.append(row)
    }
    try reader.finish()
    return Roster(rows: rows)
  }

  static func bytes(of servers: [ServerID]) -> [UInt8] {
    var writer = ByteWriter()
    writer.count(servers.count)
    for server in servers {
      writer.text(server.backend)
      writer.text(server.server)
    }
    return writer.bytes
  }

  static func servers(from bytes: [UInt8], _ origin: Origin = .own) throws(ChunkFault) -> [ServerID] {
    var reader = ByteReader(bytes, from: origin)
    var servers: [ServerID] = []
    for _ in 0..<(try reader.count("servers")) {
      servers.append(ServerID(backend: try reader.text(), server: try reader.text()))
    }
    try reader.finish()
    return servers
  }
}

/// Where names are given their numbers when they are written, and found by them when they are read.
protocol NameStore: AnyObject {
  func roster(_ number: Int64) throws(ChunkFault) -> Roster
  func servers(_ number: Int64) throws(ChunkFault) -> [ServerID]
}
