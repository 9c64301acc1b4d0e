/// One thing that is polled.
public struct Source: Sendable, Hashable {
  public var node: NodeName
  public var system: System
  public var endpoint: Endpoint
  public var via: Passage?
  /// It is polled in every tick, or in every second, third … one.
  public var every: Int

  /// What answers, in the order in which the systems of a node are polled.
  public enum System: String, Sendable, Hashable, CaseIterable {
    case haproxy, keepalived, nginx, apache, gunicorn, uwsgi
    case phpFPM = "php-fpm"
    case metrics, mariadb, mysql, postgresql
    /// The machine itself, by node_exporter.
    case host
    /// A name server, for the site's name.
    case dns
    /// A virtual address.
    case vip
    /// The counters of a firewall.
    case firewall
    /// A connection that should be possible, or should not.
    case path

    var isDatabase: Bool { self == .mariadb || self == .mysql || self == .postgresql }
  }

  public init(
    node: NodeName, system: System, endpoint: Endpoint, via: Passage? = nil, every: Int = 1
  ) {
    self.node = node
    self.system = system
    self.endpoint = endpoint
    self.via = via
    self.every = every
  }
}
