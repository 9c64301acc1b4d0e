import Cluster

@testable import History

/// The names of a small cluster, under the numbers that samples refer to: 1 for its rows, 2 for its servers.
final class Book: NameStore {
  static let roster = Roster(rows: [
    Roster.Row(proxy: "web", name: "web1", kind: .server, address: "10.0.0.1:80", mode: "http"),
    Roster.Row(proxy: "web", name: "BACKEND", kind: .backend),
  ])
  static let servers = [ServerID(backend: "web", server: "web1")]

  static var numbering: RowEncoder.Numbering<Never> {
    RowEncoder.Numbering(roster: { _ in 1 }, servers: { _ in 2 })
  }

  func roster(_ number: Int64) throws(ChunkFault) -> Roster {
    guard number == 1 else { throw .missingNames(number) }
    return Book.roster
  }

  func servers(_ number: Int64) throws(ChunkFault) -> [ServerID] {
    guard number == 2 else { throw .missingNames(number) }
    return Book.servers
  }
}
