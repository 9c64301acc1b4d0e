/// What can be done to a server of a load balancer.
public enum ServerAction: Hashable, Sendable {
  case set(AdminState)
  /// The weight in effect, 0–256.
  case weight(Int64)
  /// Ends the sessions that the server still has, whatever they are doing.
  case shutdownSessions

  /// The weights that HAProxy knows (management guide, `set server … weight`).
  public static let weights: ClosedRange<Int64> = 0...256

  /// Whether it takes traffic away from the server.
  public var takesAway: Bool {
    switch self {
    case .set(let state): state != .ready
    case .weight(let weight): weight == 0
    case .shutdownSessions: false
    }
  }
}

/// One server of one load balancer, by names that outlive a reload: `lb1 web/web1`.
public struct ServerRow: Hashable, Sendable, CustomStringConvertible {
  public let balancer: NodeName
  public let server: ServerID

  public init(balancer: NodeName, server: ServerID) {
    self.balancer = balancer
    self.server = server
  }

  public var description: String { "\(balancer) \(server)" }
}

/// Who wanted something: a person at a terminal, or a program of theirs.
public struct Actor: Hashable, Sendable {
  /// Sanitised, all three.
  public let user: String
  public let host: String
  /// `pts/3`; empty where there is no terminal.
  public let terminal: String

  public init(user: String, host: String, terminal: String) {
    self.user = printable(user)
    self.host = printable(host)
    self.terminal = printable(terminal)
  }
}

/// Where a server stands: what an operator may have made of it.
public struct Standing: Hashable, Sendable {
  public var admin: AdminState
  /// The weight in effect; nil where it is not reported.
  public var weight: Int64?

  public init(admin: AdminState, weight: Int64?) {
    self.admin = admin
    self.weight = weight
  }

  /// Whether `action` has nothing left to do; never for sessions, which come and go.
  public func satisfies(_ action: ServerAction) -> Bool {
    switch action {
    case .set(let state): admin == state
    case .weight(let weight): self.weight == weight
    case .shutdownSessions: false
    }
  }
}
