import CZstd

/// Packs and unpacks blocks, with zstd's own checksum in each.
final class Zstd {
  private let packer: OpaquePointer
  private let unpacker: OpaquePointer
  /// Of its own, because what it packs comes bit by bit, and other things are packed meanwhile.
  private let streamer: OpaquePointer
  /// Nothing that is written is larger than this, unpacked; what says that it is, is not unpacked.
  static let largest = 256 << 20

  init() {
    guard let packer = ZSTD_createCCtx(), let unpacker = ZSTD_createDCtx(), let streamer = ZSTD_createCCtx()
    else {
      fatalError("out of memory")
    }
    self.packer = packer
    self.unpacker = unpacker
    self.streamer = streamer
    ZSTD_CCtx_setParameter(streamer, ZSTD_c_checksumFlag, 1)
    // Columns that are alike stand together already: looking harder finds nothing more, and takes twice as long.
    ZSTD_CCtx_setParameter(streamer, ZSTD_c_compressionLevel, 1)
    // A quarter of a megabyte to look back in: copies of a column are never further away, and memory is dear.
    ZSTD_CCtx_setParameter(streamer, ZSTD_c_windowLog, 18)
    ZSTD_CCtx_setParameter(packer, ZSTD_c_checksumFlag, 1)
  }

  deinit {
    ZSTD_freeCCtx(packer)
    ZSTD_freeDCtx(unpacker)
    ZSTD_freeCCtx(streamer)
  }

  /// - Parameter level: as zstd numbers them: 1 is fast, 3 usual, 19 slow.
  func pack(_ bytes: [UInt8], level: Int32 = 3) -> [UInt8] {
    ZSTD_CCtx_setParameter(packer, ZSTD_c_compressionLevel, level)
    let bound = ZSTD_compressBound(bytes.count)
    return [UInt8](unsafeUninitializedCapacity: bound) { target, count in
      count = bytes.withUnsafeBytes {
        ZSTD_compress2(packer, target.baseAddress, target.count, $0.baseAddress, $0.count)
      }
      // It only fails where there is no memory, or no room, and there is room.
      if ZSTD_isError(count) != 0 { fatalError("zstd: \(String(cString: ZSTD_getErrorName(count)))") }
    }
  }

  /// Begins to pack what comes bit by bit; what was begun before is forgotten.
  func beginStream() { ZSTD_CCtx_reset(streamer, ZSTD_reset_session_only) }

  /// What comes behind some bytes of a stream.
  enum Next {
    case more
    /// What is unlike them, and is packed by another table.
    case block
    case end

    fileprivate var directive: ZSTD_EndDirective {
      switch self {
      case .more: ZSTD_e_continue
      case .block: ZSTD_e_flush
      case .end: ZSTD_e_end
      }
    }
  }

  /// The next of it.
  func stream(_ bytes: ArraySlice<UInt8>, _ next: Next, into packed: inout [UInt8]) {
    bytes.withUnsafeBytes { source in
      var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
      var left = 1
      // What it keeps for later is no reason to ask again.
      while next == .more ? input.pos < input.size : left > 0 {
        let room = ZSTD_compressBound(source.count - input.pos) + 64
        packed += [UInt8](unsafeUninitializedCapacity: room) { target, count in
          var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
          left = ZSTD_compressStream2(streamer, &output, &input, next.directive)
          if ZSTD_isError(left) != 0 { fatalError("zstd: \(String(cString: ZSTD_getErrorName(left)))") }
          count = output.pos
        }
      }
    }
  }

  func unpack(_ bytes: [UInt8], limit: Int = Zstd.largest) throws(ChunkFault) -> [UInt8] {
    let size = bytes.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
    // The two largest numbers stand for "not said" and "no frame".
    guard size <= UInt64(min(limit, Zstd.largest)) else {
      throw size >= .max - 1 ? .packed("no frame of a known size") : .tooLarge("packed")
    }
    return try unpack(bytes, size: Int(size))
  }

  /// What was packed bit by bit, behind its size.
  func unpackStream(_ bytes: [UInt8], limit: Int = Zstd.largest) throws(ChunkFault) -> [UInt8] {
    var reader = ByteReader(bytes)
    let size = try reader.index(below: min(limit, Zstd.largest), "packed")
    return try unpack(Array(bytes[reader.at...]), size: size)
  }

  private func unpack(_ bytes: [UInt8], size: Int) throws(ChunkFault) -> [UInt8] {
    var result = 0
    let plain = [UInt8](unsafeUninitializedCapacity: size) { target, count in
      result = bytes.withUnsafeBytes {
        ZSTD_decompressDCtx(unpacker, target.baseAddress, target.count, $0.baseAddress, $0.count)
      }
      count = ZSTD_isError(result) != 0 ? 0 : result
    }
    guard ZSTD_isError(result) == 0 else { throw .packed(String(cString: ZSTD_getErrorName(result))) }
    guard plain.count == size else { throw .truncated }
    return plain
  }
}
