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
    }
  }

  @inline(__always)
  static func texts(of sample: Sample, _ visit: (String) -> Void) {
    guard case .proxy(let proxy) = sample else { return }
    for note in proxy.stat.notes { visit(note) }
    if let info = proxy.info {
      visit(info.version)
      visit(info.node)
    }
  }

  /// The sample again. The counts are those that the shape says.
  static func sample(
    _ shape: SampleShape, numbers: [Int64], texts: [String], names: some NameStore
  ) throws(ChunkFault) -> Sample {
    guard numbers.count == shape.numbers, texts.count == shape.texts else { throw .invalid("sample") }
    guard let number = shape.roster else {
      return .web(
        StubStatus(
          active: numbers[0], accepts: numbers[1], handled: numbers[2], requests: numbers[3],
          reading: numbers[4], writing: numbers[5], waiting: numbers[6]))
    }
    let roster = try names.roster(number)
    guard roster.count == shape.rows else { throw .invalid("rows of a roster") }
    let figures = shape.rows * StatFigure.count
    let table = StatTable(
      roster: roster, figures: Array(numbers[..<figures]),
      notes: Array(texts[..<(shape.rows * StatNote.count)]))
    var info: ProxyInfo?
    var at = figures
    if shape.hasInfo {
      info = self.info(numbers[at...], texts: texts.suffix(2))
      at += SampleShape.infoNumbers
    }
    var states: ServerStateTable?
    if let number = shape.states {
      states = try self.states(numbers[at...], servers: names.servers(number))
    }
    return .proxy(ProxySample(stat: table, info: info, servers: states, level: shape.level))
  }

  private static func info(_ numbers: ArraySlice<Int64>, texts: ArraySlice<String>) -> ProxyInfo {
    func known(_ place: Int) -> Int64? {
      let value = numbers[numbers.startIndex + place]
      return value == StatTable.absent ? nil : value
    }
    var info = ProxyInfo(version: texts[texts.startIndex], node: texts[texts.startIndex + 1])
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
