public import Cluster

/// The minutes of service of the cluster and its tiers, in the table `service`.
enum ServiceStore {
  /// Adds minutes that are over. One that is there already, from before a restart or before the clock was set
  /// back over it, is merged with.
  static func add(
    _ minutes: [(scope: ServiceScope, minute: ServiceMinute)], to database: Database
  ) throws(StoreFailure) {
    for (scope, minute) in minutes {
      var merged = minute
      let (kind, name) = key(of: scope)
      let row = try database.statement(
        """
        SELECT minute, kind, name, requests, errors, down, degraded, unknown FROM service
        WHERE minute=? AND kind=? AND name=?
        """
      ).with(.number(minute.at.nanoseconds), .number(kind), .text(name))
      if try row.step() {
        merged = ServiceStore.minute(of: row)
        merged.merge(minute)
      }
      row.reset()
      try database.statement("INSERT OR REPLACE INTO service VALUES(?, ?, ?, ?, ?, ?, ?, ?)").run(
        .number(minute.at.nanoseconds), .number(kind), .text(name), .number(merged.requests),
        .number(merged.errors), .number(merged.down.nanoseconds), .number(merged.degraded.nanoseconds),
        .number(merged.unknown.nanoseconds))
    }
  }

  static func minute(of row: Statement) -> ServiceMinute {
    ServiceMinute(
      at: WallTime(nanoseconds: row.number(0)), requests: row.number(3), errors: row.number(4),
      down: .nanoseconds(row.number(5)), degraded: .nanoseconds(row.number(6)),
      unknown: .nanoseconds(row.number(7)))
  }

  static func scope(of row: Statement) -> ServiceScope {
    row.number(1) == 0 ? .cluster : .tier(TierName(row.text(2)))
  }

  /// As in `series`: 0 is the cluster, 1 a tier.
  private static func key(of scope: ServiceScope) -> (kind: Int64, name: String) {
    switch scope {
    case .cluster: (0, "")
    case .tier(let name): (1, name.text)
    }
  }
}

extension Timeline {
  /// How the whole cluster served in the minutes that begin within a span; oldest first.
  public func service(in span: TimeSpan) throws(StoreFailure) -> [ServiceMinute] {
    let rows = try database.statement(
      """
      SELECT minute, kind, name, requests, errors, down, degraded, unknown FROM service
      WHERE minute>=? AND minute<? AND kind=0 ORDER BY minute
      """
    ).with(.number(span.start.nanoseconds), .number(span.end.nanoseconds))
    var minutes: [ServiceMinute] = []
    while try rows.step() { minutes.append(ServiceStore.minute(of: rows)) }
    return minutes
  }

  /// How the cluster and each tier served, minute by minute, from a time on; oldest first in each. The minute
  /// under way is not among them.
  public func service(since time: WallTime) throws(StoreFailure) -> [ServiceScope: [ServiceMinute]] {
    let rows = try database.statement(
      """
      SELECT minute, kind, name, requests, errors, down, degraded, unknown FROM service
      WHERE minute>=? ORDER BY minute
      """
    ).with(.number(time.nanoseconds))
    defer { rows.reset() }
    var minutes: [ServiceScope: [ServiceMinute]] = [:]
    while try rows.step() {
      minutes[ServiceStore.scope(of: rows), default: []].append(ServiceStore.minute(of: rows))
    }
    return minutes
  }
}
