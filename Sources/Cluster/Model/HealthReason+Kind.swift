extension HealthReason {
  /// What sort of trouble a reason tells of: what one looks at next is the same for all of a kind.
  enum Kind: Hashable {
    case errors, slowness, fullness, checks, wishes, backends, process, silence, replication, roles
    case addresses, names, paths, other
  }

  var kind: Kind {
    switch self {
    case .errorRate: .errors
    case .latency, .slowerThanOthers: .slowness
    case .queue, .inUse, .connectionsDropped, .workersBusy: .fullness
    // On its way down or up it is seen by one load balancer before the other.
    case .check, .goingDown, .comingUp, .disagreement, .server: .checks
    case .lost: .wishes
    case .backendDown: .backends
    case .stopping, .severalProcesses: .process
    case .silent, .pageSilent: .silence
    case .replicationBroken, .replicationLag, .followsWrong: .replication
    case .secondPrimary, .readOnlyPrimary: .roles
    case .routerFault, .addressNotHeld, .addressHeldTwice, .addressSilent: .addresses
    case .nameNotFound, .nameElsewhere: .names
    case .pathClosed, .pathOpen: .paths
    case .sessionsLeft, .zeroWeight, .maintenance, .neverRead, .notSeen: .other
    }
  }
}
