/// What a change would do, as far as the live snapshot tells: shown before anybody confirms it.
public struct ChangePreview: Sendable {
  /// Server rows that would be otherwise, those of the change first.
  public internal(set) var rows: [Row] = []
  /// Nodes that would carry other than now, those beyond what they have carried first.
  public internal(set) var loads: [Load] = []
  /// Backends, load balancer by load balancer, in which servers come or go.
  public internal(set) var backends: [Backend] = []
  /// Backends that would have fewer serving servers than the layout wants.
  public internal(set) var breaches: [FloorBreach] = []
  /// Servers of the change that clients stick to with a cookie: these still arrive while it drains.
  public internal(set) var sticky: [ServerID] = []
  /// Servers in the same backends that an operator has taken out already.
  public internal(set) var away: [Away] = []
  /// Load balancers that have not answered their last poll: what they say is old, or unknown.
  public internal(set) var silent: [Silent] = []

  /// One server on one load balancer.
  public struct Row: Hashable, Sendable {
    public var row: ServerRow
    /// Place in `topology.servers`.
    public var place: Int
    public var before: Standing
    public var after: Standing
    public var role: Role
    public var sessions: Int64?
    public var qps: Double?
    /// Who made it what it is now, where it is not as usual and somebody is known; nil otherwise.
    public var author: Intent?

    public enum Role: Hashable, Sendable {
      /// It is told.
      case told
      /// It is part of the change, and follows a server that is told.
      case follows(ServerID)
      /// It is no part of the change, but tracks a server that is.
      case dragged(by: ServerID)
      /// It is told, and stays as it is while the server that it tracks does.
      case held(by: ServerID)
      /// It should be told, and its load balancer does not let anybody.
      case withheld(WriteObstacle)
    }
  }

  /// What a node carries, in requests per second, summed over all its servers.
  public struct Load: Hashable, Sendable {
    public var node: NodeName
    public var now: Double
    public var after: Double
    /// The most that it has carried while watched; nil where that is too short to say.
    public var highest: Double?

    /// It would carry more than anybody has seen it carry.
    public var isBeyond: Bool { highest.map { after > $0 } ?? false }
  }

  /// One backend of one load balancer.
  public struct Backend: Hashable, Sendable {
    public var balancer: NodeName
    public var name: String
    /// Serving servers.
    public var before: Int
    public var after: Int

    /// The backend has nobody left, and would answer every request with an error.
    public var goesDown: Bool { after == 0 && before > 0 }
  }

  public struct FloorBreach: Hashable, Sendable {
    public var backend: String
    /// Where it would have the fewest.
    public var balancer: NodeName
    public var left: Int
    /// The layout's floor.
    public var keepUp: Int
  }

  public struct Away: Hashable, Sendable {
    public var row: ServerRow
    public var standing: Standing
    /// Who set it, where that is known.
    public var intent: Intent?
  }

  public struct Silent: Hashable, Sendable {
    public var balancer: NodeName
    /// nil where it has never been read.
    public var age: Duration?
    public var failure: ReadFailure
  }

  /// A backend whose name has to be typed before the change is made; nil where one key is enough. The worst
  /// one.
  public var floorBreach: FloorBreach? { breaches.first }
}
