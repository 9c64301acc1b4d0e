import Cluster

/// The tables of a store, and the steps that bring an older one up to date. docs/history-format.md says what
/// every column holds.
enum Schema {
  /// `tier` in ASCII: by this SQLite's own header tells a store from every other database.
  static let applicationID: Int64 = 0x7469_6572
  static var version: Int64 { Int64(migrations.count) }

  struct Migration {
    let name: String
    let statements: [String]
  }

  /// Never changed, only added to: the place in the list, from 1, is the version that it makes.
  static let migrations: [Migration] = [
    Migration(
      name: "frames, events, gaps and roll-ups",
      statements: [
        "CREATE TABLE about(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE migrations(version INTEGER PRIMARY KEY, name TEXT NOT NULL)",
        """
        CREATE TABLE layouts(id INTEGER PRIMARY KEY, since INTEGER NOT NULL, description TEXT NOT NULL,
          text TEXT NOT NULL)
        """,
        """
        CREATE TABLE names(id INTEGER PRIMARY KEY, digest INTEGER NOT NULL, last INTEGER NOT NULL,
          data BLOB NOT NULL)
        """,
        "CREATE INDEX names_by_digest ON names(digest)",
        """
        CREATE TABLE stretches(id INTEGER PRIMARY KEY, first INTEGER NOT NULL, start INTEGER NOT NULL,
          end INTEGER NOT NULL)
        """,
        """
        CREATE TABLE ticks(sequence INTEGER PRIMARY KEY, chunk INTEGER NOT NULL, layout INTEGER NOT NULL,
          stretch INTEGER NOT NULL, wall INTEGER NOT NULL, state INTEGER NOT NULL, data BLOB NOT NULL)
        """,
        """
        CREATE TABLE chunks(first INTEGER PRIMARY KEY, count INTEGER NOT NULL, layout INTEGER NOT NULL,
          stretch INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, states BLOB NOT NULL,
          head BLOB NOT NULL)
        """,
        "CREATE INDEX chunks_by_time ON chunks(stretch, start)",
        "CREATE TABLE parts(id INTEGER PRIMARY KEY, data BLOB NOT NULL)",
        """
        CREATE TABLE events(id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, at INTEGER NOT NULL,
          kind INTEGER NOT NULL, node TEXT, line TEXT NOT NULL)
        """,
        "CREATE INDEX events_by_time ON events(at)",
        "CREATE INDEX events_by_kind ON events(kind, at)",
        """
        CREATE TABLE gaps(id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, start INTEGER NOT NULL,
          end INTEGER NOT NULL, reason INTEGER NOT NULL, words TEXT NOT NULL)
        """,
        "CREATE INDEX gaps_by_time ON gaps(start)",
        """
        CREATE TABLE series(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL,
          UNIQUE(kind, name))
        """,
        """
        CREATE TABLE minutes(id INTEGER PRIMARY KEY AUTOINCREMENT, start INTEGER NOT NULL, sequence INTEGER NOT NULL,
          data BLOB NOT NULL)
        """,
        "CREATE TABLE minute_blocks(id INTEGER PRIMARY KEY, upto INTEGER NOT NULL, data BLOB NOT NULL)",
        "CREATE TABLE hours(id INTEGER PRIMARY KEY, data BLOB NOT NULL)",
        """
        CREATE TABLE states(resolution INTEGER NOT NULL, start INTEGER NOT NULL, worst INTEGER NOT NULL,
          flags INTEGER NOT NULL, ticks INTEGER NOT NULL, PRIMARY KEY(resolution, start)) WITHOUT ROWID
        """,
        """
        CREATE TABLE service(minute INTEGER NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL,
          requests INTEGER NOT NULL, errors INTEGER NOT NULL, down INTEGER NOT NULL, degraded INTEGER NOT NULL,
          unknown INTEGER NOT NULL, PRIMARY KEY(minute, kind, name)) WITHOUT ROWID
        """,
      ])
  ]

  /// Brings the store up to date, or refuses it and touches nothing. A new one is made where it is empty.
  static func prepare(_ database: Database, cluster: String, pageBytes: Int = 1024) throws(StoreFailure) {
    let path = database.path
    let version = try database.number("PRAGMA user_version") ?? 0
    let application = try database.number("PRAGMA application_id") ?? 0
    if version == 0, application == 0 {
      guard try database.number("SELECT count(*) FROM sqlite_master") == 0 else { throw .foreign(path: path) }
      // Both have to be said before there is a page: room that is freed is given back, a little at a time.
      try database.run("PRAGMA page_size=\(pageBytes)")
      try database.run("PRAGMA auto_vacuum=2")
    } else {
      try check(database)
    }
    try database.run("PRAGMA journal_mode=WAL")
    try database.run("PRAGMA synchronous=FULL")
    try database.run("PRAGMA cache_size=-2048")
    if version < Schema.version { try migrate(database, from: version, cluster: cluster) }
    let held = try self.cluster(of: database)
    if held != cluster { throw .otherCluster(path: path, cluster: held) }
  }

  /// Refuses what is no store, and one of a newer tiertop.
  static func check(_ database: Database) throws(StoreFailure) {
    // Of one moment: somebody may just be making it.
    try database.view { () throws(StoreFailure) in
      let path = database.path
      let application = try database.number("PRAGMA application_id") ?? 0
      let version = try database.number("PRAGMA user_version") ?? 0
      if application == 0, version == 0, try database.number("SELECT count(*) FROM sqlite_master") == 0 {
        // Nothing is in it yet, or ever was: a store that is being made looks like this.
        throw .missing(path: path)
      }
      guard application == applicationID else { throw .foreign(path: path) }
      if version > Schema.version { throw .newer(path: path, version: version) }
    }
  }

  static func cluster(of database: Database) throws(StoreFailure) -> String {
    let row = try database.statement("SELECT value FROM about WHERE key='cluster'")
    guard try row.step() else { throw .damaged(path: database.path, words: "no name of a cluster") }
    defer { row.reset() }
    return row.text(0)
  }

  private static func migrate(
    _ database: Database, from version: Int64, cluster: String
  ) throws(StoreFailure) {
    try database.transaction { () throws(StoreFailure) in
      for (place, migration) in migrations.enumerated().dropFirst(Int(version)) {
        for statement in migration.statements { try database.run(statement) }
        try database.statement("INSERT INTO migrations(version, name) VALUES(?, ?)")
          .run(.number(Int64(place + 1)), .text(migration.name))
      }
      if version == 0 {
        try database.statement("INSERT INTO about(key, value) VALUES('cluster', ?)").run(.text(cluster))
      }
      try database.run("PRAGMA application_id=\(applicationID)")
      try database.run("PRAGMA user_version=\(Schema.version)")
    }
  }
}
