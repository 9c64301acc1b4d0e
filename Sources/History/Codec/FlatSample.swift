import Cluster

/// A sample as numbers and texts in a fixed order, and back.
///
/// A number that a sample lacks is `StatTable.absent`, which no source reports.
enum FlatSample {
  /// Calls `visit` with every number in order.
  @inline(__always)
  static func numbers(of sample: Sample, _ visit: (Int64) -> Void) {
    switch sample {
    case .web(let web):
      let numbers: InlineArray<7, Int64> = [
        web.active, web.accepts, web.handled, web.requests, web.reading, web.writing, web.waiting,
      ]
      for index in numbers.indices { visit(numbers[index]) }
    case .proxy(let proxy):
      let figures = proxy.stat.figures.span
      for index in figures.indices { visit(figures[index]) }
      if let info = proxy.info {
        let numbers: InlineArray<9, Int64?> = [
          info.pid, info.uptimeSeconds, info.startTimeSeconds, info.threads, info.processes,
          info.maxConnections, info.currentConnections, info.idlePercent, info.stopping,
        ]
        for index in numbers.indices { visit(numbers[index] ?? StatTable.absent) }
      }
      for row in proxy.servers?.rows ?? [] {
        visit(Int64(row.operational.rawValue))
        visit(Int64(row.admin.rawValue))
        visit(row.weight)
        visit(row.configuredWeight)
      }
    case .workers(let status): FlatSample.visit(numbers(of: status), visit)
    case .database(let status): FlatSample.visit(numbers(of: status), visit)
    case .host(let status): FlatSample.visit(numbers(of: status), visit)
    case .router(let status): FlatSample.visit(numbers(of: status), visit)
    case .address(let status): FlatSample.visit(numbers(of: status), visit)
    case .name(let answer):
      visit(Int64(answer.code))
      visit(answer.timeToLive ?? StatTable.absent)
    case .firewall(let counters):
      for counter in counters.counters {
        visit(counter.packets)
        visit(counter.bytes)
      }
    case .path(let state): visit(Int64(state.rawValue))
    }
  }

  private static func visit(_ numbers: [Int64?], _ visit: (Int64) -> Void) {
    for number in numbers { visit(number ?? StatTable.absent) }
  }

  /// Of which system a sample without rows is.
  static func plain(of sample: Sample) -> SampleShape.Plain {
    switch sample {
    case .proxy, .web: .web
    case .workers: .workers
    case .database: .database
    case .host: .host
    case .router: .router
    case .address: .address
    case .name: .name
    case .firewall: .firewall
    case .path: .path
    }
  }

  @inline(__always)
  static func texts(of sample: Sample, _ visit: (String) -> Void) {
    switch sample {
    case .proxy(let proxy):
      for note in proxy.stat.notes { visit(note) }
      if let info = proxy.info {
        visit(info.version)
        visit(info.node)
      }
    case .database(let status): for text in texts(of: status) { visit(text) }
    case .host(let status): visit(status.mount)
    case .router(let status): for text in texts(of: status) { visit(text) }
    case .address(let status): visit(status.holder)
    case .name(let answer):
      // Addresses hold no space.
      visit(answer.addresses.joined(separator: " "))
      visit(answer.server)
    case .firewall(let counters): for counter in counters.counters { visit(counter.name) }
    case .web, .workers, .path: return
    }
  }

  /// The sample again.
  static func sample(_ parts: FlatParts, names: some NameStore) throws(ChunkFault) -> Sample {
    let shape = parts.shape
    guard let number = shape.roster else { return try plain(shape.plain, parts.figures, parts.notes) }
    let roster = try names.roster(number)
    guard roster.count == shape.rows else { throw .invalid("rows of a roster") }
    let table = StatTable(roster: roster, figures: parts.figures, notes: parts.notes)
    let info = shape.hasInfo ? self.info(parts.rest, texts: parts.words) : nil
    var states: ServerStateTable?
    if let number = shape.states {
      let rest = parts.rest[(shape.hasInfo ? SampleShape.infoNumbers : 0)...]
      states = try self.states(rest, servers: names.servers(number))
    }
    return .proxy(ProxySample(stat: table, info: info, servers: states, level: shape.level))
  }

  private static func plain(
    _ plain: SampleShape.Plain, _ numbers: [Int64], _ texts: [String]
  ) throws(ChunkFault) -> Sample {
    let flat = FlatNumbers(numbers: numbers)
    switch plain {
    case .web:
      return .web(
        StubStatus(
          active: numbers[0], accepts: numbers[1], handled: numbers[2], requests: numbers[3],
          reading: numbers[4], writing: numbers[5], waiting: numbers[6]))
    case .workers: return .workers(try workers(flat))
    case .database: return .database(try database(flat, texts))
    case .host: return .host(try host(flat, texts))
    case .router: return .router(try router(flat, texts))
    case .address: return .address(try address(flat, texts))
    case .name: return .name(try name(flat, texts))
    case .firewall: return .firewall(try firewall(flat, texts))
    case .path: return .path(try path(flat))
    }
  }

  private static func info(_ numbers: [Int64], texts: [String]) -> ProxyInfo {
    func known(_ place: Int) -> Int64? { numbers[place] == StatTable.absent ? nil : numbers[place] }
    var info = ProxyInfo(version: texts[0], node: texts[1])
    info.pid = known(0)
    info.uptimeSeconds = known(1)
    info.startTimeSeconds = known(2)
    info.threads = known(3)
    info.processes = known(4)
    info.maxConnections = known(5)
    info.currentConnections = known(6)
    info.idlePercent = known(7)
    info.stopping = known(8)
    return info
  }

  private static func states(
    _ numbers: ArraySlice<Int64>, servers: [ServerID]
  ) throws(ChunkFault) -> ServerStateTable {
    guard numbers.count == servers.count * 4 else { throw .invalid("states") }
    var rows: [ServerStateTable.Row] = []
    rows.reserveCapacity(servers.count)
    var at = numbers.startIndex
    for server in servers {
      guard let raw = UInt8(exactly: numbers[at]),
        let operational = ServerStateTable.Operational(rawValue: raw),
        let admin = UInt16(exactly: numbers[at + 1])
      else { throw .invalid("state of a server") }
      rows.append(
        ServerStateTable.Row(
          backend: server.backend, server: server.server, operational: operational,
          admin: ServerStateTable.AdminFlags(rawValue: admin), weight: numbers[at + 2],
          configuredWeight: numbers[at + 3]))
      at += 4
    }
    return ServerStateTable(rows: rows)
  }
}
