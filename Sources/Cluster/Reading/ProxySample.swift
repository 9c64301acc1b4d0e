/// What one load balancer said in one poll, exactly as reported.
public struct ProxySample: Sendable {
  public var stat: StatTable
  /// `show info`; nil where it is not to be had (the stats page over HTTP has none).
  public var info: ProxyInfo?
  /// `show servers state`; nil where it is not to be had (over HTTP, or before HAProxy 1.8).
  public var servers: ServerStateTable?
  /// What the socket allows; nil where it does not say (before HAProxy 1.9, or over HTTP).
  public var level: AccessLevel?

  public init(
    stat: StatTable, info: ProxyInfo?, servers: ServerStateTable?, level: AccessLevel? = nil
  ) {
    self.stat = stat
    self.info = info
    self.servers = servers
    self.level = level
  }
}

/// The part of `show info` that is used. A figure that is not reported is nil.
public struct ProxyInfo: Hashable, Sendable {
  public var version: String
  /// The host's own name for itself (`node:`); `Name:` is always HAProxy.
  public var node: String
  public var pid: Int64?
  public var uptimeSeconds: Int64?
  /// Unix time of the start of the process; since HAProxy 2.5.
  public var startTimeSeconds: Int64?
  public var threads: Int64?
  /// Above 1 (before HAProxy 2.5): several processes answer behind one path, each with its own counters.
  public var processes: Int64?
  public var maxConnections: Int64?
  public var currentConnections: Int64?
  /// How much of the time the threads had nothing to do, 0–100.
  public var idlePercent: Int64?
  /// 1 while an old worker finishes its sessions after a reload.
  public var stopping: Int64?

  public init(version: String = "", node: String = "") {
    self.version = version
    self.node = node
  }
}

/// What `show servers state` said: the truth about what an operator did to each server.
public struct ServerStateTable: Hashable, Sendable {
  public struct Row: Hashable, Sendable {
    public var backend: String
    public var server: String
    public var operational: Operational
    public var admin: AdminFlags
    /// The weight in effect (`srv_uweight`), 0–256.
    public var weight: Int64
    /// The weight of the configuration (`srv_iweight`), 0–256.
    public var configuredWeight: Int64

    public init(
      backend: String, server: String, operational: Operational, admin: AdminFlags, weight: Int64,
      configuredWeight: Int64
    ) {
      self.backend = backend
      self.server = server
      self.operational = operational
      self.admin = admin
      self.weight = weight
      self.configuredWeight = configuredWeight
    }
  }

  /// `srv_op_state`.
  public enum Operational: UInt8, Hashable, Sendable {
    case stopped = 0
    case starting = 1
    case running = 2
    case stopping = 3
  }

  /// `srv_admin_state`, a mask (HAProxy's `include/haproxy/server-t.h`, `enum srv_admin`).
  public struct AdminFlags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let forcedMaint = AdminFlags(rawValue: 0x01)
    public static let inheritedMaint = AdminFlags(rawValue: 0x02)
    public static let configuredMaint = AdminFlags(rawValue: 0x04)
    public static let forcedDrain = AdminFlags(rawValue: 0x08)
    public static let inheritedDrain = AdminFlags(rawValue: 0x10)
    public static let resolutionMaint = AdminFlags(rawValue: 0x20)

    /// `configuredMaint` only says how the server began: it stays after `ready` (`SRV_ADMF_MAINT` is 0x23).
    public var admin: AdminState {
      let maint: AdminFlags = [.forcedMaint, .inheritedMaint, .resolutionMaint]
      let drain: AdminFlags = [.forcedDrain, .inheritedDrain]
      return !isDisjoint(with: maint) ? .maint : !isDisjoint(with: drain) ? .drain : .ready
    }
  }

  public var rows: [Row]

  public init(rows: [Row]) { self.rows = rows }
}

/// What an operator wants of a server.
public enum AdminState: UInt8, Hashable, Sendable {
  case ready, drain, maint
}
