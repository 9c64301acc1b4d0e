/// The named counters of a firewall, exactly as reported by `nft -j list counters`.
public struct FirewallCounters: Hashable, Sendable {
  public var counters: [Counter]

  public struct Counter: Hashable, Sendable {
    public var name: String
    public var packets: Int64
    public var bytes: Int64

    public init(name: String, packets: Int64, bytes: Int64) {
      self.name = name
      self.packets = packets
      self.bytes = bytes
    }
  }

  public init(counters: [Counter]) { self.counters = counters }

  /// nil where there is no such counter.
  public subscript(name: String) -> Counter? { counters.first { $0.name == name } }
}
