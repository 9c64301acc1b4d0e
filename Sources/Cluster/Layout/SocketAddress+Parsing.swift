extension SocketAddress {
  /// Reads `10.77.2.11:80` or `[2001:db8::1]:80`; nil for anything else.
  ///
  /// The address is numeric, the port 1…65535. The result is canonical (see `IPAddress`), so that
  /// two ways to write one address compare equal.
  public init?(parsing text: some StringProtocol) {
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
