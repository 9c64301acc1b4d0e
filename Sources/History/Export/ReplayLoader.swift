import Cluster

/// Puts the blocks of a file into the tables of a store that is this program's alone.
struct ReplayLoader {
  let database: Database
  private let zstd = Zstd()
  private var header: ExportHeader?
  private var isPrepared = false
  private var nextFrame: FrameNumber = 1
  private var frames = 0
  private var events = 0
  private var tally = ExportTally()
  private var rollUps = RollUpLoader()

  init(_ path: String) throws(StoreFailure) {
    database = try Database(path: path, mode: .recording, file: "")
  }

  /// Reads all blocks.
  mutating func load(_ reader: ExportReader) throws -> ExportHeader {
    while let (kind, content) = try reader.next() {
      var content = ByteReader(content, from: .foreign)
      if kind == .header {
        guard header == nil else { throw ChunkFault.invalid("second header") }
        let header = try ExportHeader(from: &content)
        try content.finish()
        reader.promised = header.chunks
        try begin(header)
        continue
      }
      guard header != nil else { throw ChunkFault.invalid("no header") }
      try take(kind, &content)
    }
    guard let header else { throw ChunkFault.invalid("no header") }
    guard reader.counts == (frames, events) else { throw ChunkFault.invalid("number of frames and events") }
    try finish()
    _ = try database.statement("COMMIT").step()
    // At least one frame of the stretch has to be there.
    guard try database.number("SELECT max(first+count) FROM chunks") ?? 0 > header.first else {
      throw ExportFailure.nothing
    }
    return header
  }

  /// What comes belongs to this file.
  mutating func begin(_ header: ExportHeader) throws(StoreFailure) {
    self.header = header
    // It is nobody else's, and made anew each time: nothing has to be safe.
    try database.run("PRAGMA journal_mode=OFF")
    try Schema.prepare(database, cluster: header.cluster)
    try database.run("PRAGMA synchronous=OFF")
    try database.run("PRAGMA cache_size=-65536")
    _ = try database.statement("BEGIN").step()
  }

  /// Sums up what only all blocks together tell.
  mutating func finish() throws(StoreFailure) { try rollUps.finish(database) }

  /// The content of one block behind the header.
  mutating func take(_ kind: ExportFormat.Kind, _ content: inout ByteReader) throws {
    switch kind {
    case .header, .trailer: break
    case .layout: try takeLayout(&content)
    case .names: try takeNames(&content)
    case .frames: try takeFrames(&content)
    case .stretches, .gaps, .events, .rollUps, .states, .service:
      let bytes = try zstd.unpack(Array(content.bytes[content.at...]), limit: tally.room)
      try tally.add(list: bytes.count, of: kind)
      var rows = ByteReader(bytes, from: .foreign)
      switch kind {
      case .stretches: try takeStretches(&rows)
      case .gaps: try takeGaps(&rows)
      case .events: try takeEvents(&rows)
      case .rollUps: try rollUps.take(&rows, &tally, database, zstd)
      case .states: try rollUps.takeStates(&rows, database)
      default: try takeService(&rows)
      }
      try rows.finish()
      return
    }
    try content.finish()
  }

  private mutating func takeLayout(_ content: inout ByteReader) throws {
    try tally.add(of: .layout)
    let number = try content.signed()
    let since = try content.time()
    let description = try content.text(atMost: ExportFormat.mostText)
    // Not sanitised: it is read as a layout, and its reader refuses what cannot be shown.
    let text = try content.rawText(atMost: ExportFormat.mostLayoutBytes)
    try database.statement("INSERT INTO layouts(id, since, description, text) VALUES(?, ?, ?, ?)")
      .run(.number(number), .number(since), .text(description), .text(text))
  }

  private mutating func takeNames(_ content: inout ByteReader) throws {
    try tally.add(of: .names)
    let number = try content.signed()
    let packed = try content.blob()
    // Unpacked once, so that all of them together are bounded.
    let bytes = try zstd.unpack(packed, limit: Origin.foreign.mostNameBytes)
    try tally.add(names: bytes.count)
    try database.statement("INSERT INTO names(id, digest, last, data) VALUES(?, ?, ?, ?)")
      .run(.number(number), .number(digest(of: bytes)), .number(.max), .blob(packed))
  }

  private mutating func takeFrames(_ content: inout ByteReader) throws {
    for _ in 0..<(try content.count("chunks")) {
      let chunk = try ExportChunk(from: &content, next: nextFrame, zstd)
      nextFrame = chunk.first + Int64(chunk.count)
      frames += chunk.count
      try database.statement(
        """
        INSERT INTO chunks(first, count, layout, stretch, start, end, states, head)
        VALUES(?, ?, ?, ?, ?, ?, ?, ?)
        """
      ).run(
        .number(chunk.first), .number(Int64(chunk.count)), .number(chunk.layout), .number(chunk.stretch),
        .number(chunk.start), .number(chunk.end), .blob(chunk.states), .blob(chunk.head))
      for part in chunk.parts {
        try database.statement("INSERT INTO parts(id, data) VALUES(?, ?)")
          .run(.number(chunk.first << 16 | Int64(part.source)), .blob(part.bytes))
      }
    }
  }

  private mutating func takeStretches(_ rows: inout ByteReader) throws {
    for _ in 0..<(try rows.count("stretches")) {
      try database.statement("INSERT INTO stretches(id, first, start, end) VALUES(?, ?, ?, ?)")
        .run(
          .number(try rows.signed()), .number(try rows.signed()), .number(try rows.time()),
          .number(try rows.time()))
    }
  }

  private mutating func takeGaps(_ rows: inout ByteReader) throws {
    for _ in 0..<(try rows.count("gaps")) {
      try database.statement("INSERT INTO gaps(sequence, start, end, reason, words) VALUES(?, ?, ?, ?, '')")
        .run(
          .number(try rows.signed()), .number(try rows.time()), .number(try rows.time()),
          .number(try rows.signed()))
    }
  }

  private mutating func takeEvents(_ rows: inout ByteReader) throws {
    let number = try rows.count("events")
    try tally.add(number, of: .events)
    events += number
    for _ in 0..<number {
      let (id, sequence, at, kind) = (
        try rows.signed(), try rows.signed(), try rows.time(), try rows.signed()
      )
      let node: Statement.Value =
        try rows.byte() == 0 ? .null : .text(try rows.text(atMost: ExportFormat.mostText))
      // A line that is none is kept as one that says nothing.
      let line = EventLine.sanitised(try rows.rawText(atMost: ExportFormat.mostLine)) ?? ""
      try database.statement(
        "INSERT INTO events(id, sequence, at, kind, node, line) VALUES(?, ?, ?, ?, ?, ?)"
      ).run(.number(id), .number(sequence), .number(at), .number(kind), node, .text(line))
    }
  }

  private mutating func takeService(_ rows: inout ByteReader) throws {
    let number = try rows.count("minutes of service")
    try tally.add(number, of: .service)
    for _ in 0..<number {
      var numbers: [Int64] = [try rows.time()]
      // Cut, and not refused, to what can be added up: two clocks make some minutes a little longer than one.
      for column in 1...6 {
        let most: Int64 = column < 4 ? 1 << 53 : 3_600_000_000_000
        numbers.append(min(max(0, try rows.signed()), most))
      }
      try database.statement("INSERT OR REPLACE INTO service VALUES(?, ?, ?, ?, ?, ?, ?, ?)").run(
        .number(numbers[0]), .number(numbers[1]), .text(try rows.text(atMost: ExportFormat.mostText)),
        .number(numbers[2]), .number(numbers[3]), .number(numbers[4]), .number(numbers[5]),
        .number(numbers[6]))
    }
  }
}

extension ByteReader {
  /// A time that can be reckoned with.
  mutating func time() throws(ChunkFault) -> Int64 {
    let time = try signed()
    guard Origin.foreign.takes(WallTime(nanoseconds: time)) else { throw .invalid("time") }
    return time
  }

  mutating func text(atMost limit: Int) throws(ChunkFault) -> String {
    let text = try text()
    guard text.utf8.count <= limit * 4 else { throw .tooLarge("text") }
    return text
  }
}
