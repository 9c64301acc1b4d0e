/// What keepalived says of the virtual addresses that it may hold: one entry for each of its VRRP instances.
///
/// Source: keepalived's notify lines (`INSTANCE "VI_1" MASTER 110`) and its JSON dump.
public struct RouterStatus: Hashable, Sendable {
  public var instances: [Instance]

  public struct Instance: Hashable, Sendable {
    public var name: String
    public var state: State
    /// Since when; nil where it is not said.
    public var since: WallTime?
    public var priority: Int64?
    /// How often it has become master.
    public var becameMaster: Int64?
    /// Without the length of the network.
    public var addresses: [String]

    public init(
      name: String, state: State, since: WallTime? = nil, priority: Int64? = nil,
      becameMaster: Int64? = nil, addresses: [String] = []
    ) {
      self.name = name
      self.state = state
      self.since = since
      self.priority = priority
      self.becameMaster = becameMaster
      self.addresses = addresses
    }
  }

  /// As keepalived numbers them in its JSON dump.
  public enum State: UInt8, Hashable, Sendable, CaseIterable {
    case initial = 0
    case backup = 1
    case master = 2
    case fault = 3
    case stopped = 4
  }

  public init(instances: [Instance]) { self.instances = instances }
}
