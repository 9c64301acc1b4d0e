public import Cluster

extension FirewallCounters {
  /// What `nft -j list counters table …` prints: objects of which each is named after what it is.
  ///
  /// Source: libnftables-json(5). Throws `truncated` where the text breaks off.
  public init(parsing text: Span<UInt8>) throws(ReplyFault) {
    let list: JSONValue
    do {
      list = try JSONValue(parsing: text)
    } catch {
      if error == .truncated, text.count > 0 { throw .truncated(line: 1) }
      throw .notOf(.firewall, beginning: beginning(of: text))
    }
    guard case .array(let elements)? = list["nftables"] else {
      throw .notOf(.firewall, beginning: beginning(of: text))
    }
    self.init(counters: [])
    for element in elements {
      guard let counter = element["counter"] else { continue }
      guard let name = counter["name"]?.text, let packets = counter["packets"]?.integer,
        let bytes = counter["bytes"]?.integer
      else { throw .notOf(.firewall, beginning: beginning(of: text)) }
      counters.append(Counter(name: name, packets: packets, bytes: bytes))
    }
  }
}
