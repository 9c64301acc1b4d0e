import Cluster

extension LayoutReader {
  /// A name that can be seen: at most 64 bytes, nothing that hides, moves or reorders text.
  mutating func name(_ node: YAMLNode, spaces: Bool) -> String? {
    value(node, .name(spaces: spaces)) { text in
      let isVisible = !text.isEmpty && text.utf8.count <= 64 && printable(text) == text
      let edges = [text.first, text.last].contains { $0?.isWhitespace == true }
      return isVisible && !edges && (spaces || !text.contains(where: \.isWhitespace)) ? text : nil
    }
  }

  mutating func choice<T: CaseIterable & RawRepresentable<String>>(_ node: YAMLNode, of type: T.Type) -> T? {
    let words = T.allCases.map(\.rawValue)
    guard let text = text(of: node) else {
      noteValue(node, expected: .oneOf(words))
      return nil
    }
    if let value = T(rawValue: text) { return value }
    noteValue(node, expected: .oneOf(words), nearest: suggestion(for: text, in: words))
    return nil
  }

  mutating func duration(_ node: YAMLNode, in range: ClosedRange<Duration>) -> Duration? {
    value(node, .duration(range)) { text in
      Duration(parsing: text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// Bytes: whole numbers of MB or GB, which are powers of ten.
  mutating func size(_ node: YAMLNode, in range: ClosedRange<Int64>) -> Int64? {
    value(node, .size(range)) { text in
      Int64(size: text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// Decimal digits only.
  mutating func count(_ node: YAMLNode, in range: ClosedRange<Int64>) -> Int64? {
    value(node, .count(range)) { text in
      guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(text) else { return nil }
      return range.contains(number) ? number : nil
    }
  }

  mutating func share(_ node: YAMLNode) -> Double? {
    value(node, .share, Self.share)
  }

  /// A share that leaves something to fail.
  mutating func objective(_ node: YAMLNode) -> Double? {
    value(node, .objective) { text in
      Self.share(text).flatMap { Layout.objectives.contains($0) ? $0 : nil }
    }
  }

  /// `0.02` or `2%`: decimal digits, a point, and what makes at most six decimals of the share.
  private static func share(_ text: String) -> Double? {
    let isPercent = text.hasSuffix("%")
    var digits = isPercent ? text.dropLast() : text[...]
    if isPercent, digits.hasSuffix(" ") { digits = digits.dropLast() }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let decimals = isPercent ? 4 : 6
    guard (1...2).contains(parts.count), (1...3).contains(parts[0].utf8.count),
      parts.count == 1 || (1...decimals).contains(parts[1].utf8.count),
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
    else { return nil }
    let fraction = parts.count == 2 ? String(parts[1]) : ""
    let padded = parts[0] + fraction + String(repeating: "0", count: decimals - fraction.utf8.count)
    // Whole millionths: one division, so that 2% and 0.02 are the same number.
    guard let millionths = Int64(padded), millionths <= 1_000_000 else { return nil }
    return Double(millionths) / 1_000_000
  }

  mutating func hostName(_ node: YAMLNode) -> String? {
    value(node, .hostName) { text in
      let isName = text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) && byte >= 0x41
          || "-._".utf8.contains(byte)
      }
      return isName && (1...253).contains(text.utf8.count) && !text.hasPrefix("-") ? text : nil
    }
  }

  mutating func address(_ node: YAMLNode) -> SocketAddress? {
    if let text = text(of: node), SocketAddress(parsing: text) == nil, let colon = text.lastIndex(of: ":"),
      SocketAddress(parsing: text[..<colon] + ":1") != nil
    {
      noteValue(node, expected: .portOfAddress)
      return nil
    }
    return value(node, .address) { SocketAddress(parsing: $0) }
  }

  /// A name server: an address, with a port where it is not 53.
  mutating func resolver(_ node: YAMLNode) -> SocketAddress? {
    value(node, .virtualAddress) { text in
      SocketAddress(parsing: text)
        ?? IPAddress(parsing: text).map { SocketAddress(host: $0.description, port: 53) }
    }
  }

  mutating func port(_ node: YAMLNode) -> UInt16? {
    value(node, .port) { UInt16(port: $0[...]) }
  }

  /// Letters, digits, `_` and `:`, and labels in braces.
  mutating func metric(_ node: YAMLNode) -> String? {
    value(node, .metric) { text in
      let name = text.prefix { $0 != "{" }
      let labels = text[name.endIndex...]
      let isName = name.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || byte == 0x5F || byte == 0x3A
          || byte >= 0x41 && (0x61...0x7A).contains(byte | 0x20)
      }
      let isWhole = labels.isEmpty || labels.hasSuffix("}")
      return isName && isWhole && !name.isEmpty && text.utf8.count <= 256 && printable(text) == text
        ? text : nil
    }
  }

  /// `inet tiertop`: what may stand in a command without quotes.
  mutating func table(_ node: YAMLNode) -> String? {
    value(node, .table) { text in
      let words = text.split(separator: " ", omittingEmptySubsequences: false)
      let families = ["ip", "ip6", "inet", "arp", "bridge", "netdev"]
      let isName = { (word: Substring) in
        !word.isEmpty && word.utf8.count <= 64
          && word.utf8.allSatisfy {
            (0x30...0x39).contains($0) || $0 == 0x5F || $0 >= 0x41 && (0x61...0x7A).contains($0 | 0x20)
          }
      }
      return words.count == 2 && families.contains(String(words[0])) && isName(words[1]) ? text : nil
    }
  }

  mutating func virtualAddress(_ node: YAMLNode) -> String? {
    value(node, .virtualAddress) { text in
      IPAddress(parsing: text)?.description ?? SocketAddress(parsing: text)?.description
    }
  }

  mutating func absolutePath(_ node: YAMLNode, hidden: Bool = false) -> String? {
    value(node, .absolutePath, hidden: hidden) { Self.isAbsolutePath($0) ? $0 : nil }
  }

  /// Whether a text is an absolute path that the system takes, and that can be seen.
  static func isAbsolutePath(_ text: String) -> Bool {
    text.hasPrefix("/") && text.utf8.count <= 4095 && printable(text) == text
  }

  /// YAML's own two words, and none of those that older YAML took for them.
  mutating func truth(_ node: YAMLNode) -> Bool? {
    value(node, .oneOf(["true", "false"])) { Bool($0) }
  }
}
