import Cluster

/// Who wrote bytes: a recorder on this machine, or somebody elsewhere, who may mean harm.
enum Origin {
  case own, foreign

  /// Bytes that the parts of one chunk may have together, unpacked.
  var mostChunkBytes: Int { self == .own ? .max : 32 << 20 }

  /// Changes that the columns of one chunk may have together: each is a byte, and takes twelve when it is read.
  var mostChunkChanges: Int { self == .own ? .max : 8 << 20 }

  /// Frames of one chunk.
  var mostFrames: Int { self == .own ? .max : 1 << 16 }

  /// Bytes of one table of names, unpacked.
  var mostNameBytes: Int { self == .own ? Zstd.largest : 16 << 20 }

  /// Whether a time is one that can be reckoned with: from 1970 to 2116, where it comes from elsewhere.
  func takes(_ wall: WallTime) -> Bool { self == .own || 0...1 << 62 ~= wall.nanoseconds }

  /// The same of the other clock, and of differences.
  func takes(_ nanoseconds: Int64) -> Bool { self == .own || -(1 << 61)...1 << 61 ~= nanoseconds }
}
