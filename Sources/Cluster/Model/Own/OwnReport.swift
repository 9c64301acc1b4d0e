/// What a node says of itself, or what was found out about it, beside what load balancers see of it: one of
/// each kind at most, between the last two readings of its source.
public enum OwnReport: Sendable {
  case workers(WorkerReport)
  case database(DatabaseReport)
  case host(HostReport)
  /// keepalived's instances on a load balancer.
  case router(RouterStatus)
  case address(AddressReport)
  case name(NameAnswer)
  case firewall(FirewallReport)
}

extension NodeReport {
  public var workers: WorkerReport? {
    for case .workers(let report) in own { return report }
    return nil
  }

  public var database: DatabaseReport? {
    for case .database(let report) in own { return report }
    return nil
  }

  public var host: HostReport? {
    for case .host(let report) in own { return report }
    return nil
  }

  public var router: RouterStatus? {
    for case .router(let report) in own { return report }
    return nil
  }

  public var virtualAddress: AddressReport? {
    for case .address(let report) in own { return report }
    return nil
  }

  public var name: NameAnswer? {
    for case .name(let report) in own { return report }
    return nil
  }

  public var firewall: FirewallReport? {
    for case .firewall(let report) in own { return report }
    return nil
  }
}
