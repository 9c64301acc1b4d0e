/// A numeric IPv4 or IPv6 address; two ways to write one address are equal.
///
/// An IPv4-mapped IPv6 address (`::ffff:10.0.0.1`) *is* the IPv4 address: a connection to either
/// reaches the same peer.
public struct IPAddress: Hashable, Sendable {
  /// The 128 bits in network order; IPv4 as `::ffff:a.b.c.d`.
  private var high: UInt64
  private var low: UInt64

  /// Reads a dotted quad or IPv6 without brackets (RFC 4291, 2.2); nil for anything else.
  ///
  /// No names, no zones (`%eth0`), and no leading zeros in a dotted quad: some programs read them as
  /// octal.
  public init?(parsing text: some StringProtocol) {
    let bytes = Array(text.utf8.prefix(46))
    if bytes.contains(UInt8(ascii: ":")) {
      guard let groups = Self.groups(bytes[...]) else { return nil }
      high = groups[0..<4].reduce(0) { $0 << 16 | UInt64($1) }
      low = groups[4..<8].reduce(0) { $0 << 16 | UInt64($1) }
    } else {
      guard let quad = Self.quad(bytes[...]) else { return nil }
      high = 0
      low = 0xFFFF_0000_0000 | UInt64(quad)
    }
  }

  /// The 4 or 16 bytes of an address in network order; nil for another number of them.
  public init?(octets: Span<UInt8>) {
    var words: (UInt64, UInt64) = (0, 0)
    for index in octets.indices {
      words = (words.0 << 8 | words.1 >> 56, words.1 << 8 | UInt64(octets[index]))
    }
    switch octets.count {
    case 4: (high, low) = (0, 0xFFFF_0000_0000 | words.1)
    case 16: (high, low) = words
    default: return nil
    }
  }

  /// Whether it is an IPv4 address, however it was written.
  public var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

  private static func quad(_ bytes: ArraySlice<UInt8>) -> UInt32? {
    var value: UInt32 = 0
    var start = bytes.startIndex
    for part in 0..<4 {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: ".")) ?? bytes.endIndex
      // Three dots, and none behind the last number.
      guard (end == bytes.endIndex) == (part == 3), let number = decimal(bytes[start..<end], upTo: 255) else {
        return nil
      }
      value = value << 8 | UInt32(number)
      start = end + 1
    }
    return value
  }

  /// The eight groups of an IPv6 address.
  private static func groups(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    // "::" leaves an empty part; at either end it leaves two.
    var left: [UInt16] = []
    var right: [UInt16]?
    for (place, part) in parts.enumerated() {
      if part.isEmpty {
        let isEdge = place == 0 || place == parts.count - 1
        if isEdge {
          let neighbour = place == 0 ? 1 : place - 1
          // One colon alone at an end.
          guard parts.indices.contains(neighbour), parts[neighbour].isEmpty else { return nil }
          continue
        }
        guard right == nil else { return nil }
        right = []
        continue
      }
      var values: [UInt16] = []
      if place == parts.count - 1, part.contains(UInt8(ascii: ".")) {
        guard let quad = quad(part) else { return nil }
        values = [UInt16(quad >> 16), UInt16(quad & 0xFFFF)]
      } else {
        guard let group = hexadecimal(part) else { return nil }
        values = [group]
      }
      if right == nil { left += values } else { right? += values }
    }
    guard let right else { return left.count == 8 ? left : nil }
    let missing = 8 - left.count - right.count
    guard missing >= 1 else { return nil }
    return left + [UInt16](repeating: 0, count: missing) + right
  }

  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt16? {
    guard (1...4).contains(digits.count) else { return nil }
    var value: UInt16 = 0
    for digit in digits {
      guard let nibble = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
      value = value << 4 | UInt16(nibble)
    }
    return value
  }

  /// A number without sign and without leading zeros.
  static func decimal(_ digits: ArraySlice<UInt8>, upTo limit: Int) -> Int? {
    guard (1...5).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0") else {
      return nil
    }
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return value <= limit ? value : nil
  }
}

extension IPAddress: CustomStringConvertible {
  /// A dotted quad, or IPv6 as RFC 5952 wants it: lower case, the longest run of zero groups as `::`.
  public var description: String {
    if isIPv4 {
      func octet(_ shift: UInt64) -> UInt64 { low >> shift & 0xFF }
      return "\(octet(24)).\(octet(16)).\(octet(8)).\(octet(0))"
    }
    let groups: [UInt64] = (0..<8).map { place in
      let half = place < 4 ? high : low
      return half >> UInt64(48 - 16 * (place % 4)) & 0xFFFF
    }
    var longest = 0..<0
    var start = 0
    for place in 0...8 where place == 8 || groups[place] != 0 {
      if place - start > longest.count { longest = start..<place }
      start = place + 1
    }
    func text(_ range: Range<Int>) -> String {
      groups[range].map { String($0, radix: 16) }.joined(separator: ":")
    }
    // One zero group alone is written as 0.
    guard longest.count > 1 else { return text(0..<8) }
    return text(0..<longest.lowerBound) + "::" + text(longest.upperBound..<8)
  }
}
