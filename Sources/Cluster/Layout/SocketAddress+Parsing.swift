extension SocketAddress {
  /// Reads `10.77.2.11:80` or `[2001:db8::1]:80`; nil for anything else.
  ///
  /// The address is numeric, the port 1…65535. The result is canonical (see `IPAddress`), so that
  /// two ways to write one address compare equal.
  public init?(parsing text: some StringProtocol) {
    // Nearly all are a dotted quad, and written as they would be written again.
    if let (length, port) = SocketAddress.quad(text.utf8) {
      let end = text.utf8.index(text.startIndex, offsetBy: length)
      self.init(host: String(text[..<end]), port: port)
      return
    }
    guard let colon = text.lastIndex(of: ":") else { return nil }
    guard let port = UInt16(port: text[text.index(after: colon)...]) else { return nil }
    var host = text[..<colon]
    let isBracketed = host.hasPrefix("[")
    if isBracketed {
      guard host.hasSuffix("]") else { return nil }
      host = host.dropFirst().dropLast()
    }
    // "::1:80" could be either: IPv6 needs its brackets.
    guard let address = IPAddress(parsing: host), isBracketed == host.utf8.contains(UInt8(ascii: ":"))
    else { return nil }
    self.init(host: address.description, port: port)
  }

  /// The length of a dotted quad and the port behind it; nil for anything else. In one pass, without a piece of memory:
  /// a large cluster has tens of thousands of them.
  private static func quad(_ text: some Sequence<UInt8>) -> (length: Int, port: UInt16)? {
    var (numbers, value, digits, length) = (0, 0, 0, 0)
    for (place, byte) in text.enumerated() {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        // No zero before another digit, and no more digits than any port has.
        guard digits == 0 || value > 0, digits < 5 else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
        digits += 1
      case UInt8(ascii: "."), UInt8(ascii: ":"):
        numbers += 1
        guard digits > 0, value <= 255, (byte == UInt8(ascii: ":")) == (numbers == 4) else { return nil }
        (value, digits, length) = (0, 0, place)
      default: return nil
      }
    }
    return numbers == 4 && value > 0 ? UInt16(exactly: value).map { (length, $0) } : nil
  }
}

extension UInt16 {
  /// A port in decimal, 1…65535, without sign and without leading zeros; nil for anything else.
  public init?(port text: some StringProtocol) {
    guard let number = IPAddress.decimal(Array(text.utf8.prefix(6))[...], upTo: 65535), number > 0 else {
      return nil
    }
    self.init(number)
  }
}
