import CSystem
public import Cluster

/// The end of a small file that somebody else writes, read without waiting.
public struct FileTail: Sendable {
  public var bytes: [UInt8]
  /// Whether there is more before it.
  public var isCut: Bool
  /// When the file was last written.
  public var changed: WallTime

  private static let usualSize = 4096

  /// - Parameter limit: so many bytes at most, the last ones.
  /// - Throws: `EINVAL` where it is no ordinary file: a pipe could keep its reader waiting.
  public init(_ path: String, limit: Int) throws(SystemError) {
    var tail = tt_file_tail()
    var bytes = [UInt8](repeating: 0, count: min(limit, FileTail.usualSize))
    var count = try checked(tt_read_tail(path, &bytes, bytes.count, &tail), "open")
    if tail.size > count, count < limit {
      bytes = [UInt8](repeating: 0, count: min(limit, Int(clamping: tail.size)))
      count = try checked(tt_read_tail(path, &bytes, bytes.count, &tail), "open")
    }
    bytes.removeSubrange(count...)
    self.bytes = bytes
    isCut = tail.size > count
    changed = WallTime(nanoseconds: tail.changed)
  }
}
