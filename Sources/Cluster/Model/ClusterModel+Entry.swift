extension ClusterModel {
  /// A virtual address: held by those load balancers whose keepalived says so, or else by whoever answers there.
  mutating func deriveAddress(_ place: Int, _ report: inout NodeReport, _ events: inout [Event]) {
    let topology = snapshot.topology
    let before = snapshot.nodes[place].virtualAddress
    var address = AddressReport(holders: [], since: before?.since, moves: before?.moves ?? 0)
    let host =
      SocketAddress(parsing: topology.nodes[place].name.text)?.host ?? topology.nodes[place].name.text
    var routers = 0
    var began: WallTime?
    for balancer in topology.nodes.indices {
      for id in topology.nodes[balancer].sources where topology.plan[id].system == .keepalived {
        guard case .router(let router)? = sources[id.index].latest?.sample, !isStale(id.index) else {
          continue
        }
        routers += 1
        report.age = min(report.age ?? .seconds(1 << 30), age(of: id.index) ?? .zero)
        for instance in router.instances where instance.state == .master && isOf(instance, host) {
          if !address.holders.contains(topology.nodes[balancer].name) {
            address.holders.append(topology.nodes[balancer].name)
          }
          began = instance.since
        }
      }
    }
    var silence: Duration?
    var failure: ReadFailure?
    var tried: WallTime?
    for id in topology.nodes[place].sources {
      failure = failure ?? sources[id.index].failure
      guard case .address(let probed)? = sources[id.index].latest?.sample, !isStale(id.index) else {
        continue
      }
      address.probed = probed
      let probedAge = age(of: id.index) ?? .zero
      tried = WallTime(nanoseconds: snapshot.at.wall.nanoseconds &- probedAge.nanoseconds)
      report.age = min(report.age ?? .seconds(1 << 30), age(of: id.index) ?? .zero)
      if !probed.answers { silence = probed.outageBegan.map { snapshot.at.wall.distance(from: $0) } ?? .zero }
      if routers == 0, probed.answers, let holder = balancer(named: probed.holder) {
        address.holders = [holder]
      }
    }
    note(&address, before: before, began: began, tried: tried, place, &events)
    report.own.append(.address(address))
    if routers == 0, address.probed == nil {
      report.verdict =
        report.age == nil ? Verdict(.unknown, .neverRead(failure)) : Verdict(.unknown, .notSeen)
    } else if address.holders.count > 1 {
      report.verdict = Verdict(.degraded, .addressHeldTwice(address.holders))
    } else if let silence {
      report.verdict = Verdict(.down, .addressSilent(max(.zero, silence)))
    } else if routers > 0, address.holders.isEmpty, address.probed?.answers != true {
      report.verdict = Verdict(.down, .addressNotHeld)
    } else {
      report.verdict = Verdict(.up)
    }
  }

  /// A notice has no addresses: where the site has only one, it is meant.
  private func isOf(_ instance: RouterStatus.Instance, _ host: String) -> Bool {
    instance.addresses.isEmpty
      ? snapshot.topology.layout.entry?.vips.count == 1 : instance.addresses.contains(host)
  }

  /// The load balancer that calls itself so.
  private func balancer(named name: String) -> NodeName? {
    if name.isEmpty { return nil }
    let topology = snapshot.topology
    let balancers = topology.nodes.filter { $0.balancer != nil }
    return balancers.first { node in
      node.balancer.flatMap { snapshot.sources[$0.index].info?.node } == name
    }?.name ?? balancers.first { $0.name.text == name }?.name
  }

  /// Notes that the address has moved, once it answers again where that is tried: only then is known how long
  /// nobody did.
  private mutating func note(
    _ address: inout AddressReport, before: AddressReport?, began: WallTime?, tried: WallTime?, _ place: Int,
    _ events: inout [Event]
  ) {
    guard address.holders.count == 1 else { return }
    let holder = address.holders[0]
    let last = lastHolders[place]
    if last?.holder != holder {
      if let last {
        address.moves += 1
        address.since = began ?? snapshot.at.wall
        moving[place] = Moving(from: last.holder, at: snapshot.at.wall, tried: last.failures)
      } else {
        address.since = began
      }
    }
    // What was tried before it moved knows nothing of the gap.
    let isTriedSince = tried.flatMap { tried in began.map { tried >= $0 } } ?? true
    if address.probed?.answers != false, isTriedSince, let move = moving.removeValue(forKey: place) {
      var gap: Duration?
      if let probed = address.probed { gap = probed.failures > move.tried ? probed.outage : .zero }
      events.append(
        Event(
          at: move.at, node: snapshot.topology.nodes[place].name,
          change: .moved(from: move.from, to: holder, gap: gap)))
    }
    if moving[place] == nil {
      lastHolders[place] = LastHolder(holder: holder, failures: address.probed?.failures ?? 0)
    } else {
      lastHolders[place]?.holder = holder
    }
  }

  /// Between which nodes a path lies that is tried from where `source` says.
  private func ends(of address: SocketAddress, _ place: Int, _ source: Source) -> PathEnds {
    let topology = snapshot.topology
    let from = topology.nodes[place].name.text.split(separator: ">").first.map(String.init) ?? ""
    let layout = topology.layout
    let node = layout.tiers.first { $0.name.text == from }?.nodes.first { $0.via == source.via }?.name
    return PathEnds(
      from: node ?? (from.isEmpty ? nil : NodeName(from)),
      to: topology.nodes.first { $0.address == address && $0.kind == .machine }?.name)
  }

  /// What lies between two tiers.
  mutating func deriveFirewall(_ place: Int, _ report: inout NodeReport) {
    let topology = snapshot.topology
    var firewall = FirewallReport()
    var fault: HealthReason?
    var failure: ReadFailure?
    for id in topology.nodes[place].sources {
      let state = sources[id.index]
      failure = failure ?? state.failure
      switch topology.plan[id].endpoint {
      case .path(let address, let isAllowed):
        var path = FirewallReport.Path(to: address, isAllowed: isAllowed)
        if case .path(let result)? = state.latest?.sample, !isStale(id.index) {
          path.state = result
          report.age = min(report.age ?? .seconds(1 << 30), age(of: id.index) ?? .zero)
          if path.isRight == false {
            let ends = ends(of: address, place, topology.plan[id])
            fault = fault ?? (isAllowed ? .pathClosed(address, result, ends) : .pathOpen(address, ends))
          }
        }
        firewall.paths.append(path)
      default:
        guard case .firewall(let counters)? = state.latest?.sample, !isStale(id.index) else { continue }
        report.age = min(report.age ?? .seconds(1 << 30), age(of: id.index) ?? .zero)
        guard case .firewall(let before)? = state.before?.sample, let window = state.window else { continue }
        let name = Layout.PacketFilter.counter(of: topology.nodes[place].name)
        func rate(_ name: String) -> Double? {
          let passed = counters[name].map(\.packets).minus(before[name].map(\.packets))
          return passed.map { Double($0) / window.seconds }
        }
        firewall.accepted = rate(name)
        firewall.dropped = rate(Layout.PacketFilter.dropCounter(of: topology.nodes[place].name))
      }
    }
    report.own.append(.firewall(firewall))
    report.traffic.qps = firewall.accepted
    if let fault {
      report.verdict = Verdict(.degraded, fault)
    } else if report.age == nil {
      report.verdict = Verdict(.unknown, .neverRead(failure))
    } else {
      report.verdict = Verdict(.up)
    }
  }
}

extension ClusterModel {
  /// Who held a virtual address when it was last held by one, and how many tries to reach it had failed by then.
  struct LastHolder: Sendable {
    var holder: NodeName
    var failures: Int64
  }

  /// An address that has moved, and does not answer yet.
  struct Moving: Sendable {
    var from: NodeName
    var at: WallTime
    /// Tries that had failed before.
    var tried: Int64
  }
}
