extension Roll {
  /// How long a check has to be seen passing after the command: HAProxy does not say when its last check was,
  /// and by default makes one every two seconds.
  static let checkSpan = Duration.milliseconds(2500)

  /// Looks at the cluster as it is now, and says what is to be done. O(nodes of the tier).
  public mutating func advance(_ snapshot: Snapshot) -> [Order] {
    var orders: [Order] = []
    for index in nodes.indices {
      if let order = step(index, snapshot) { orders.append(order) }
    }
    while let index = next(in: snapshot) {
      nodes[index].phase = .draining
      orders.append(.drain(nodes[index].name))
    }
    return orders
  }

  /// How draining a node, or making it ready, ended: on all load balancers, or not.
  public mutating func settle(_ node: NodeName, isConfirmed: Bool, at moment: Moment) {
    change(node) { phase in
      switch phase {
      case .draining: isConfirmed ? .emptying(since: moment) : .failed(.notDrained)
      case .readying: isConfirmed ? .comingUp(since: moment) : .failed(.notReady)
      case .returning: isConfirmed ? .returned : .failed(.notReady)
      default: phase
      }
    }
  }

  /// The floor forbids to drain a node. While others are out it waits for them.
  public mutating func refuse(_ node: NodeName, _ breach: ChangePreview.FloorBreach) {
    let others = nodes.count { $0.isUnderWay && $0.name != node }
    change(node) { $0 == .draining ? (others > 0 ? .waiting : .failed(.floor(breach))) : $0 }
    crowd = others > 0 ? others : nil
  }

  /// How a node's command ended.
  public mutating func end(_ node: NodeName, _ end: CommandEnd, at moment: Moment) {
    change(node) { phase in
      guard phase == .running else { return phase }
      return end.isSuccess ? .checking(since: moment) : .failed(.command(end))
    }
  }

  /// Begins nothing new; what cannot be taken back is waited for: changes that were sent, commands that run.
  public mutating func interrupt() { isInterrupted = true }

  private mutating func change(_ node: NodeName, _ next: (Phase) -> Phase) {
    guard let index = nodes.firstIndex(where: { $0.name == node }) else { return }
    nodes[index].phase = next(nodes[index].phase)
  }

  // MARK: One node

  private mutating func step(_ index: Int, _ snapshot: Snapshot) -> Order? {
    let name = nodes[index].name
    let places = snapshot.topology.place(of: name).map { snapshot.topology.nodes[$0].servers } ?? 0..<0
    switch nodes[index].phase {
    case .emptying, .checking, .comingUp:
      if isInterrupted {
        nodes[index].phase = .failed(.interrupted)
        return nil
      }
    default: return nil
    }
    switch nodes[index].phase {
    case .emptying(let since):
      if isStopping {
        nodes[index].phase = .returning
        return .ready(name)
      }
      let left = places.isEmpty ? nil : snapshot.sessions(of: places, after: since)
      if left == 0 {
        nodes[index].phase = .running
        return .run(name)
      }
      if snapshot.at.since(since) >= limits.sessions { nodes[index].phase = .failed(.sessions(left: left)) }
    case .checking(let since):
      if isWell(places, snapshot, after: since) {
        nodes[index].phase = .readying
        return .ready(name)
      }
      if snapshot.at.since(since) >= limits.up {
        nodes[index].phase = .failed(checkFault(places, snapshot, after: since))
      }
    case .comingUp(let since):
      let absent = places.first { !snapshot.serves(server: $0, after: since) }
      if absent == nil, !places.isEmpty {
        nodes[index].phase = .done
      } else if snapshot.at.since(since) >= limits.up {
        nodes[index].phase = .failed(.notServing(row: absent.map { snapshot.row(ofServer: $0) }))
      }
    default: break
    }
    return nil
  }

  private func isWell(_ places: Range<Int>, _ snapshot: Snapshot, after moment: Moment) -> Bool {
    guard !places.isEmpty, places.allSatisfy({ snapshot.isRead(server: $0, after: moment) }) else {
      return false
    }
    let checks = places.compactMap { snapshot.passesCheck(server: $0) }
    if checks.isEmpty { return true }
    return checks.allSatisfy { $0 } && snapshot.at.since(moment) >= min(Roll.checkSpan, limits.up)
  }

  private func checkFault(_ places: Range<Int>, _ snapshot: Snapshot, after moment: Moment) -> Fault {
    guard
      let place = places.first(where: {
        snapshot.passesCheck(server: $0) == false || !snapshot.isRead(server: $0, after: moment)
      })
    else { return .checks(row: nil, words: "") }
    let report = snapshot.servers[place]
    let words = [report.status, report.checkStatus, report.lastCheck].filter { !$0.isEmpty }
    return .checks(row: snapshot.row(ofServer: place), words: words.joined(separator: " "))
  }

  // MARK: The next node

  /// The place of a node that is to begin now; those that were taken out before are passed over.
  private mutating func next(in snapshot: Snapshot) -> Int? {
    let out = nodes.count(where: \.isUnderWay)
    guard !isStopping, out < limits.maxDown else { return nil }
    if let crowd {
      guard out < crowd else { return nil }
      self.crowd = nil
    }
    while let index = nodes.firstIndex(where: { $0.phase == .waiting }) {
      if nodes[index].isResumed || !isAway(nodes[index].name, snapshot) { return index }
      nodes[index].phase = .skipped
    }
    return nil
  }

  /// Whether an operator has taken the node out, anywhere.
  public func isAway(_ name: NodeName, _ snapshot: Snapshot) -> Bool {
    guard let place = snapshot.topology.place(of: name) else { return false }
    return snapshot.servers[snapshot.topology.nodes[place].servers].contains {
      $0.admin != .ready || $0.weight == 0
    }
  }
}
