import CSQLite
import CZstd
import Cluster
import Glibc
import History

/// The same frames in three formats: this program's store, a row of SQLite for each figure, and what `below` does:
/// each frame as CBOR with the names of its fields, packed by zstd with the first frame of its chunk as dictionary.
enum FormatBenchmark {
  private static let ticks = 1800
  /// Frames that share a dictionary.
  private static let chunk = 32

  static func run() {
    var script = ClusterScript(serversPerTier: 9, pages: 0, at: HistoryBenchmark.start)
    let layout = script.layout
    let frames = (0..<ticks).map { _ in script.frame() }
    let figures = frames.map { FormatBenchmark.figures(of: $0) }
    let count = figures.reduce(0) { $0 + $1.count }
    print("formats: \(ticks) ticks of 18 servers on two load balancers, \(count / ticks) figures a tick")
    report("tiertop's store", count) { path in store(frames, layout, path) }
    report("sqlite, a row for each figure", count) { path in rows(figures, path, onlyChanges: false) }
    report("sqlite, a row for each change", count) { path in rows(figures, path, onlyChanges: true) }
    report("CBOR and zstd, like below", count) { _ in packedSize(of: figures.map(cbor)) }
  }

  private struct Figure {
    var row: Int
    var name: String
    var value: Int64
  }

  private static func figures(of frame: Frame) -> [Figure] {
    var figures: [Figure] = []
    for (place, reading) in frame.readings.enumerated() {
      guard case .sample(.proxy(let proxy)) = reading.outcome else { continue }
      for row in 0..<proxy.stat.count {
        for figure in StatFigure.allCases {
          guard let value = proxy.stat[row, figure] else { continue }
          figures.append(Figure(row: place * 1000 + row, name: figure.column, value: value))
        }
      }
    }
    return figures
  }

  private static func report(_ name: String, _ count: Int, _ write: (String) -> Int) {
    let path = "/tmp/tiertop-benchmark-format-\(getpid()).db"
    defer { for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + suffix) } }
    var size = 0
    let took = ContinuousClock().measure { size = write(path) }.seconds
    print(
      "  \(name.padded(to: 32))\(threePlaces(Double(size) / Double(count))) bytes a figure, \(size / ticks) a tick, "
        + "\(Int(took / Double(ticks) * 1e6)) µs a tick")
  }

  private static func store(_ frames: [Frame], _ layout: Layout, _ path: String) -> Int {
    var options = Recorder.Options()
    options.isDurable = false
    guard
      let recorder = try? Recorder(
        path: path, cluster: "benchmark", options: options, now: HistoryBenchmark.start)
    else { return 0 }
    recorder.begin(layout: "cluster: benchmark", description: "a benchmark")
    var model = ClusterModel(layout: layout)
    for frame in frames {
      let events = model.advance(with: frame)
      recorder.record(frame, model.snapshot, events: events)
    }
    recorder.close()
    return ProcessFigures.fileSize(path)
  }

  private static func rows(_ frames: [[Figure]], _ path: String, onlyChanges: Bool) -> Int {
    var database: OpaquePointer?
    var statement: OpaquePointer?
    sqlite3_open(path, &database)
    defer { sqlite3_close(database) }
    sqlite3_exec(
      database,
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; CREATE TABLE samples "
        + "(series INTEGER, at INTEGER, value INTEGER, PRIMARY KEY (series, at)) WITHOUT ROWID", nil, nil, nil
    )
    sqlite3_prepare_v2(database, "INSERT INTO samples VALUES (?, ?, ?)", -1, &statement, nil)
    var before: [Int64?] = []
    for (tick, figures) in frames.enumerated() {
      sqlite3_exec(database, "BEGIN", nil, nil, nil)
      for (series, figure) in figures.enumerated() {
        if series == before.count { before.append(nil) }
        if onlyChanges, before[series] == figure.value { continue }
        before[series] = figure.value
        sqlite3_bind_int64(statement, 1, Int64(series))
        sqlite3_bind_int64(statement, 2, Int64(tick))
        sqlite3_bind_int64(statement, 3, figure.value)
        sqlite3_step(statement)
        sqlite3_reset(statement)
      }
      sqlite3_exec(database, "COMMIT", nil, nil, nil)
    }
    sqlite3_finalize(statement)
    sqlite3_exec(database, "PRAGMA wal_checkpoint(TRUNCATE)", nil, nil, nil)
    return ProcessFigures.fileSize(path)
  }

  /// An array of maps, one for each row, from the names of its figures to what they say.
  private static func cbor(_ figures: [Figure]) -> [UInt8] {
    var bytes: [UInt8] = []
    func head(_ kind: UInt8, _ count: UInt64) {
      switch count {
      case 0..<24: bytes.append(kind << 5 | UInt8(count))
      case 24..<0x100: bytes += [kind << 5 | 24, UInt8(count)]
      default:
        let width = count < 0x1_0000 ? 2 : count < 0x1_0000_0000 ? 4 : 8
        bytes.append(kind << 5 | (width == 2 ? 25 : width == 4 ? 26 : 27))
        for shift in stride(from: 8 * (width - 1), through: 0, by: -8) {
          bytes.append(UInt8(truncatingIfNeeded: count >> UInt64(shift)))
        }
      }
    }
    var place = 0
    while place < figures.count {
      let end = figures[place...].firstIndex { $0.row != figures[place].row } ?? figures.count
      head(5, UInt64(end - place))
      for figure in figures[place..<end] {
        head(3, UInt64(figure.name.utf8.count))
        bytes += Array(figure.name.utf8)
        head(figure.value < 0 ? 1 : 0, UInt64(figure.value < 0 ? -1 - figure.value : figure.value))
      }
      place = end
    }
    return bytes
  }

  private static func packedSize(of frames: [[UInt8]]) -> Int {
    let packer = ZSTD_createCCtx()
    defer { ZSTD_freeCCtx(packer) }
    var size = 0
    for (tick, frame) in frames.enumerated() {
      let dictionary = tick % chunk == 0 ? [] : frames[tick - tick % chunk]
      let room = ZSTD_compressBound(frame.count)
      let packed = [UInt8](unsafeUninitializedCapacity: room) { target, count in
        count = ZSTD_compress_usingDict(
          packer, target.baseAddress, room, frame, frame.count, dictionary, dictionary.count, 3)
      }
      size += packed.count
    }
    return size
  }
}
