import CZstd

/// Packs and unpacks blocks, with zstd's own checksum in each.
final class Zstd {
  private let packer: OpaquePointer
  private let unpacker: OpaquePointer
  /// Nothing that is written is larger than this, unpacked; what says that it is, is not unpacked.
  static let largest = 256 << 20

  init() {
    guard let packer = ZSTD_createCCtx(), let unpacker = ZSTD_createDCtx() else {
      fatalError("out of memory")
    }
    self.packer = packer
    self.unpacker = unpacker
    ZSTD_CCtx_setParameter(packer, ZSTD_c_checksumFlag, 1)
  }

  deinit {
    ZSTD_freeCCtx(packer)
    ZSTD_freeDCtx(unpacker)
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

  func unpack(_ bytes: [UInt8]) throws(ChunkFault) -> [UInt8] {
    let size = bytes.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
    // The two largest numbers stand for "not said" and "no frame".
    guard size <= UInt64(Zstd.largest) else {
      throw size >= .max - 1 ? .packed("no frame of a known size") : .tooLarge("packed")
    }
    var result = 0
    let plain = [UInt8](unsafeUninitializedCapacity: Int(size)) { target, count in
      result = bytes.withUnsafeBytes {
        ZSTD_decompressDCtx(unpacker, target.baseAddress, target.count, $0.baseAddress, $0.count)
      }
      count = ZSTD_isError(result) != 0 ? 0 : result
    }
    guard ZSTD_isError(result) == 0 else { throw .packed(String(cString: ZSTD_getErrorName(result))) }
    guard plain.count == Int(size) else { throw .truncated }
    return plain
  }
}
