/// A question to a name server for the addresses of a name (RFC 1035, 4; RFC 3596).
public struct NameQuestion: Hashable, Sendable {
  /// Tells the answer to it from others; it should not be guessed.
  public let id: UInt16
  public let kind: Kind
  /// As it is sent, in lower case: each label behind its length, up to the empty one.
  let name: [UInt8]

  /// The types of records that hold an address.
  public enum Kind: UInt16, Hashable, Sendable, CaseIterable {
    case ipv4 = 1
    case ipv6 = 28
  }

  /// A whole name, with or without the dot at its end; nothing is added to it. nil where it cannot be one: an empty
  /// label, one of more than 63 bytes, more than 255 in all.
  public init?(_ name: String, kind: Kind, id: UInt16) {
    var labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
    var bytes: [UInt8] = []
    for label in labels {
      guard (1...63).contains(label.count) else { return nil }
      bytes.append(UInt8(label.count))
      bytes += label.map(lowercase)
    }
    bytes.append(0)
    guard bytes.count <= NameReply.longestName else { return nil }
    self.id = id
    self.kind = kind
    self.name = bytes
  }

  /// The message, which asks the server to ask others where it does not know (recursion desired).
  public var message: [UInt8] {
    var bytes: [UInt8] = []
    for word in [id, 0x0100, 1, 0, 0, 0] { bytes.append(word: word) }
    bytes += name
    bytes.append(word: kind.rawValue)
    bytes.append(word: NameQuestion.internet)
    return bytes
  }

  /// The message behind its length, as it is sent over TCP (RFC 1035, 4.2.2).
  public var stream: [UInt8] {
    let message = message
    var bytes: [UInt8] = []
    bytes.append(word: UInt16(clamping: message.count))
    return bytes + message
  }

  static let internet: UInt16 = 1
}

/// Names are the same in upper and lower case.
func lowercase(_ byte: UInt8) -> UInt8 {
  byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
}

extension [UInt8] {
  /// In network order.
  fileprivate mutating func append(word: UInt16) {
    append(UInt8(word >> 8))
    append(UInt8(word & 0xFF))
  }
}
