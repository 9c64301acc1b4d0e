import Cluster
import Dashboard
import FuzzerKit
import Glibc

@testable import History

/// What is read of stores, and of files that somebody has sent.
extension Fuzzer {
  static let history = [rows, chunk, replay, names, packed, exportFile, exportBlocks, exportRead]

  /// Rows that follow each other: each behind its length, and sealed here, so that what is in them is looked at.
  private static let rows = Fuzzer(
    name: "rows", longest: 1024,
    seeds: {
      var encoder = RowEncoder()
      let rows = Frames.all.map { frame in Array(encoder.row(of: frame, Book.numbering).dropLast(4)) }
      return [
        Pieces.joined(rows), Pieces.joined(Array(rows.prefix(1))), Pieces.joined(Array(rows.prefix(2))),
      ]
    },
    make: {
      let book = Book()
      return { bytes in
        var decoder = RowDecoder()
        for piece in Pieces.of(bytes) {
          var writer = ByteWriter(bytes: piece)
          writer.seal()
          do { requireFrame(try decoder.frame(of: writer.bytes, names: book)) } catch { return }
        }
      }
    })

  /// A sealed chunk, unpacked: its head, then the parts of the sources 0, 1, 2 …
  private static let chunk = Fuzzer(
    name: "chunk", longest: 1024,
    seeds: { [chunkSeed] },
    make: {
      let book = Book()
      return { bytes in
        let pieces = Pieces.of(bytes)
        var parts: [Int: [UInt8]] = [:]
        for (source, piece) in pieces.dropFirst().enumerated() { parts[source] = piece }
        guard let head = try? ChunkHead(pieces.first ?? [], from: .foreign),
          let chunk = try? Chunk(head, parts: parts, from: .foreign)
        else { return }
        _ = (chunk.failures, chunk.names, chunk.lastSample(of: 0, upTo: chunk.count))
        for place in 0..<min(chunk.count, 8) {
          guard let frame = try? chunk.frame(place, names: book) else { continue }
          requireFrame(frame)
        }
      }
    })

  /// What the parts of a chunk of the usual frames hold.
  private static var chunkSeed: [UInt8] {
    var (encoder, builder) = (RowEncoder(), ChunkBuilder())
    for frame in Frames.all {
      guard let raw = try? RowDecoder.raw(encoder.row(of: frame, Book.numbering)) else { continue }
      try? builder.append(raw)
    }
    let parts = (0..<Frames.sources).map { source in
      var (bytes, work) = ([UInt8](), Int.max)
      var writer = builder.takeSource(source)
      while let slice = writer?.next(&work) { bytes += slice.bytes }
      return bytes
    }
    return Pieces.joined([builder.headBytes()] + parts)
  }

  /// The same, folded into a cluster and looked at: figures that no program ever had. The first byte says how it is
  /// looked at.
  private static let replay = Fuzzer(
    name: "replay", longest: 1024, seeds: { (0..<4).map { [$0] + chunkSeed } },
    make: {
      let book = Book()
      let empty = State(
        model: ClusterModel(layout: Frames.layout), preferences: ScreenPreferences(), look: Look())
      let keys: [[Key]] = [[], [.tab], [.tab, .tab], [.function(5)], [.enter], [.right, .down, .enter]]
      let shown = Shown()
      return { bytes in
        guard bytes.count > 0 else { return }
        let pieces = Pieces.of(bytes.extracting(1...))
        var parts: [Int: [UInt8]] = [:]
        for (source, piece) in pieces.dropFirst().enumerated() { parts[source] = piece }
        guard let head = try? ChunkHead(pieces.first ?? [], from: .foreign),
          let chunk = try? Chunk(head, parts: parts, from: .foreign)
        else { return }
        var state = empty
        for place in 0..<min(chunk.count, 4) {
          guard let frame = try? chunk.frame(place, names: book) else { break }
          _ = update(&state, .frame(frame))
        }
        for event in state.takeNews() { _ = EventLine.text(of: event) }
        for key in keys[Int(bytes[0]) % keys.count] { _ = update(&state, .key(key)) }
        shown.require(render(state, size: Size(width: 100, height: 12)))
      }
    })

  private static func requireFrame(_ frame: Frame) {
    for reading in frame.readings {
      guard case .sample(.proxy(let proxy)) = reading.outcome else { continue }
      require(proxy.stat.notes.count == proxy.stat.roster.count * StatNote.count, "notes without a row")
    }
  }

  /// Tables of names, and the figures of minutes: the first byte says which.
  private static let names = Fuzzer(
    name: "names-and-minutes", longest: 256,
    seeds: {
      var minutes = ByteWriter(bytes: [2])
      var rollUps = RollUps()
      for metric in Metric.allCases {
        rollUps[metric] = RollUp(minimum: 1, mean: 2, maximum: 3, count: 60, weight: 50)
      }
      RollUpCode.write(rollUps, to: &minutes)
      var row = ByteWriter(bytes: [3])
      row.count(3)
      for series: Int64 in [1, 2, 1] {
        row.signed(series)
        RollUpCode.write(rollUps, to: &row)
      }
      return [
        [0] + Names.bytes(of: Book.roster), [1] + Names.bytes(of: Book.servers), minutes.bytes, row.bytes,
      ]
    },
    make: {
      return { bytes in
        guard bytes.count > 0 else { return }
        let rest = bytes.extracting(1...).withUnsafeBufferPointer { Array($0) }
        switch bytes[0] % 4 {
        case 0:
          guard let roster = try? Names.roster(from: rest, .foreign) else { return }
          for row in roster.rows { requireShown(row.proxy + row.name + row.address) }
        case 1:
          guard let servers = try? Names.servers(from: rest, .foreign) else { return }
          for server in servers { requireShown(server.backend + server.server) }
        case 2:
          var reader = ByteReader(rest, from: .foreign)
          while true {
            var other = reader
            let passed: Void? = try? RollUpCode.pass(&other)
            guard let rollUps = try? RollUpCode.read(from: &reader) else { break }
            require(passed != nil && other.at == reader.at, "what is passed over is what is read")
            var sum = rollUps
            sum.merge(rollUps)
          }
        default: requireSame(row: rest)
        }
      }
    })

  /// Whether a row of minutes says the same of each series, whichever way it is read.
  private static func requireSame(row: [UInt8]) {
    var open = OpenMinutes()
    open.add(row, number: 7, minute: 5)
    guard let entries = try? MinuteRow.entries(of: row) else {
      require(open.series.isEmpty, "a row that cannot be right has nothing")
      return
    }
    for series in Set(entries.map(\.series)) {
      let turned = open.take(series).map(\.rollUps)
      let found = (try? MinuteRow.rollUps(of: series, in: row)) ?? []
      require(written(turned) == written(found), "the same roll-ups either way")
    }
  }

  /// As bytes: what is no number is not the same as itself.
  private static func written(_ rollUps: [RollUps]) -> [UInt8] {
    var writer = ByteWriter()
    for each in rollUps { RollUpCode.write(each, to: &writer) }
    return writer.bytes
  }

  /// What is packed: zstd's own frames, in both forms.
  private static let packed = Fuzzer(
    name: "packed", longest: 256,
    seeds: {
      let zstd = Zstd()
      let plain = Array("some words, some words, and some words again".utf8)
      var (head, stream) = (ByteWriter(), [UInt8]())
      head.count(plain.count)
      zstd.beginStream()
      zstd.stream(plain[...], .end, into: &stream)
      return [zstd.pack(plain), head.bytes + stream, zstd.pack([])]
    },
    make: {
      let zstd = Zstd()
      return { bytes in
        let input = bytes.withUnsafeBufferPointer { Array($0) }
        for limit in [64, 1 << 16] {
          if let plain = try? zstd.unpack(input, limit: limit) { require(plain.count <= limit, "too much") }
          if let plain = try? zstd.unpackStream(input, limit: limit) {
            require(plain.count <= limit, "too much")
          }
        }
      }
    })

  /// The frame of a saved stretch: any bytes behind its beginning, read from a file.
  private static let exportFile = Fuzzer(
    name: "export-file", longest: 1536,
    seeds: {
      let blocks = Blocks.all.map { Blocks.block($0.kind, $0.content) }.joined()
      return [Blocks.trailed(Array(blocks)), Array(blocks)]
    },
    make: {
      var place = Array("/dev/shm/fuzzer-XXXXXX".utf8CString)
      let file = mkstemp(&place)
      require(file >= 0 && unlink(place) == 0, "no file")
      let path = "/proc/self/fd/\(file)"
      return { bytes in
        let whole = Blocks.preamble + bytes.withUnsafeBufferPointer { Array($0) }
        require(ftruncate(file, 0) == 0, "the file cannot be emptied")
        require(pwrite(file, whole, whole.count, 0) == whole.count, "the file cannot be written")
        guard let reader = try? ExportReader(path) else { return }
        while let (kind, content) = try? reader.next() {
          var bytes = ByteReader(content, from: .foreign)
          if kind == .header { reader.promised = (try? ExportHeader(from: &bytes))?.chunks }
        }
      }
    })

  /// The blocks of a saved stretch, each of its kind and behind its length: they go where they are looked at from.
  private static let exportBlocks = Fuzzer(
    name: "export-blocks", longest: 1280, seeds: { blockSeeds },
    make: {
      let store = SavedStore()
      return { bytes in store.with(Pieces.of(bytes)) { _ in } }
    })

  /// The same, looked at as somebody does who is sent such a file.
  private static let exportRead = Fuzzer(
    name: "export-read", longest: 1280, seeds: { blockSeeds },
    make: {
      let store = SavedStore()
      return { bytes in store.with(Pieces.of(bytes)) { store.read($0) } }
    })

  private static var blockSeeds: [[UInt8]] {
    let pieces = (Blocks.all.dropFirst() + [Blocks.backwards]).map { [$0.kind.rawValue] + $0.content }
    return [Pieces.joined(Array(pieces))] + pieces.map { Pieces.joined([$0]) }
  }
}
