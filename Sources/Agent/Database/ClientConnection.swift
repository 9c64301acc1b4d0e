import Cluster
import Platform

/// A connection that a client library in C has made: closed when it is let go, its answers handed on piece by piece.
final class ClientConnection {
  /// The library's own handle.
  let handle: OpaquePointer
  private let take: Taking
  private let close: (OpaquePointer) -> Void

  /// How C hands on a piece: 0 refuses it, and with it the rest of the answer.
  typealias Hand =
    @convention(c) (
      _ context: UnsafeMutableRawPointer?, _ piece: Int32, _ bytes: UnsafePointer<CChar>?, _ length: Int
    ) -> Int32

  /// What C is given as context.
  private final class Taking {
    let take: DatabaseClient.Take
    init(_ take: @escaping DatabaseClient.Take) { self.take = take }
  }

  /// - Parameter open: of the library; where it gives nothing, it says why.
  /// - Throws: `transfer` where the library is not there.
  init(
    handingTo take: @escaping DatabaseClient.Take,
    open: (UnsafeMutableRawPointer, Hand, inout UnsafePointer<CChar>?) -> OpaquePointer?,
    close: @escaping (OpaquePointer) -> Void
  ) throws(ReadFailure) {
    self.take = Taking(take)
    self.close = close
    var words: UnsafePointer<CChar>?
    let opened = open(
      Unmanaged.passUnretained(self.take).toOpaque(),
      { context, piece, bytes, length in
        guard let context else { return 0 }
        let taking = Unmanaged<Taking>.fromOpaque(context).takeUnretainedValue()
        let bytes = UnsafeRawBufferPointer(start: bytes, count: length)
        return taking.take(UInt8(truncatingIfNeeded: piece), bytes) ? 1 : 0
      }, &words)
    guard let opened else {
      throw .transfer(words: words.map { printable(String(cString: $0)) } ?? "")
    }
    handle = opened
  }

  deinit { close(handle) }
}

/// Lends a text to C, where there is one.
func withOptionalCString<Result>(_ string: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
  guard let string else { return body(nil) }
  return string.withCString { body($0) }
}
