/// How full a chunk is while rows are added to it.
struct ChunkFill {
  private(set) var frames = 0
  /// Bytes of its first row: everything is whole in it.
  private(set) var first = 0
  /// Bytes of its other rows.
  private(set) var others = 0

  /// What a chunk has at most, where nobody says otherwise.
  static let usualFrames = 256
  static let usualBytes = 1 << 20

  mutating func add(row bytes: Int) {
    if frames == 0 { first = bytes } else { others += bytes }
    frames += 1
  }

  /// Whether the next row begins another one.
  ///
  /// - Parameters:
  ///   - most: frames.
  ///   - bytes: of rows beside the first. Where a first row is large, it is so for many others: twice its size then.
  func isComplete(frames most: Int, bytes: Int) -> Bool {
    frames >= most || others >= max(bytes, first * 2)
  }
}
