/// What the answers of a database server are taken apart into: the head of each piece in a reply.
///
/// A client library hands values over one by one, and a poll's reply is bytes. So they are written one after the
/// other, each with its kind and its length before it; a table is its columns, its values row by row, and its end.
public enum ResultPiece: UInt8, Sendable {
  case column = 1
  case value, null, tableEnd

  /// The bytes of one head: the kind, and the length of what follows, lowest byte first.
  public static let headLength = 5

  public func head(length: Int) -> [UInt8] {
    let length = UInt32(clamping: length)
    return [rawValue] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * UInt32($0))) }
  }
}
