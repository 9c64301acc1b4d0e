import Cluster

/// The samples of all systems but HAProxy and Nginx: a few numbers and texts, and as many more as there are
/// instances, counters or buckets. How many of each there are is in their shape.
extension FlatSample {
  static func numbers(of status: WorkerStatus) -> [Int64?] {
    let latencies = status.latencies
    return [
      status.requests, status.errors, status.microseconds, status.busy, status.idle, status.queue,
      status.queueLimit, status.exhausted, status.slow, status.connections, status.started,
      latencies?.count, latencies?.p50, latencies?.p95, latencies?.p99, latencies?.longest,
    ] + status.histogram.map(\.bound) + status.histogram.map(\.count)
  }

  static func workers(_ numbers: FlatNumbers) throws(ChunkFault) -> WorkerStatus {
    let fixed = 16
    guard numbers.count >= fixed, (numbers.count - fixed) % 2 == 0 else { throw .invalid("workers") }
    var status = WorkerStatus(
      requests: numbers[0], errors: numbers[1], microseconds: numbers[2], busy: numbers[3],
      idle: numbers[4], queue: numbers[5], queueLimit: numbers[6], exhausted: numbers[7], slow: numbers[8],
      connections: numbers[9], started: numbers[10])
    if let count = numbers[11] {
      status.latencies = WorkerStatus.Latencies(
        count: count, p50: numbers[12] ?? 0, p95: numbers[13] ?? 0, p99: numbers[14] ?? 0,
        longest: numbers[15] ?? 0)
    }
    let buckets = (numbers.count - fixed) / 2
    status.histogram = (0..<buckets).map { place in
      WorkerStatus.Bucket(
        bound: numbers[fixed + place] ?? 0, count: numbers[fixed + buckets + place] ?? 0)
    }
    return status
  }

  static func numbers(of status: DatabaseStatus) -> [Int64?] {
    [
      status.uptimeSeconds, status.queries, status.statementMicroseconds, status.statements,
      status.connections, status.connectionLimit, status.running, status.slow, status.aborted,
      status.isReadOnly.map { $0 ? 1 : 0 }, status.replicas,
      status.replication.map { Int64($0.receiving.rawValue) },
      status.replication.map { Int64($0.applying.rawValue) }, status.replication?.lag,
    ]
  }

  static func texts(of status: DatabaseStatus) -> [String] {
    [status.version, status.replication?.source ?? "", status.replication?.error ?? ""]
  }

  static func database(_ numbers: FlatNumbers, _ texts: [String]) throws(ChunkFault) -> DatabaseStatus {
    guard numbers.count == 14, texts.count == 3 else { throw .invalid("database") }
    var status = DatabaseStatus(version: texts[0])
    status.uptimeSeconds = numbers[0]
    status.queries = numbers[1]
    status.statementMicroseconds = numbers[2]
    status.statements = numbers[3]
    status.connections = numbers[4]
    status.connectionLimit = numbers[5]
    status.running = numbers[6]
    status.slow = numbers[7]
    status.aborted = numbers[8]
    status.isReadOnly = numbers[9].map { $0 != 0 }
    status.replicas = numbers[10]
    if let receiving = numbers[11] {
      status.replication = DatabaseStatus.Replication(
        source: texts[1], receiving: try progress(receiving), applying: try progress(numbers[12] ?? -1),
        lag: numbers[13], error: texts[2])
    }
    return status
  }

  private static func progress(_ number: Int64) throws(ChunkFault) -> DatabaseStatus.Progress {
    guard let raw = UInt8(exactly: number), let progress = DatabaseStatus.Progress(rawValue: raw) else {
      throw .invalid("progress of a replica")
    }
    return progress
  }

  static func numbers(of status: HostStatus) -> [Int64?] {
    [
      status.busyMilliseconds, status.processorMilliseconds, status.processors, status.load, status.memory,
      status.memoryAvailable, status.disk, status.diskAvailable, status.received, status.sent,
      status.started,
    ]
  }

  static func host(_ numbers: FlatNumbers, _ texts: [String]) throws(ChunkFault) -> HostStatus {
    guard numbers.count == 11, texts.count == 1 else { throw .invalid("host") }
    var status = HostStatus(mount: texts[0])
    status.busyMilliseconds = numbers[0]
    status.processorMilliseconds = numbers[1]
    status.processors = numbers[2]
    status.load = numbers[3]
    status.memory = numbers[4]
    status.memoryAvailable = numbers[5]
    status.disk = numbers[6]
    status.diskAvailable = numbers[7]
    status.received = numbers[8]
    status.sent = numbers[9]
    status.started = numbers[10]
    return status
  }

  static func numbers(of status: RouterStatus) -> [Int64?] {
    status.instances.flatMap { instance -> [Int64?] in
      [
        Int64(instance.state.rawValue), instance.since?.nanoseconds, instance.priority,
        instance.becameMaster,
      ]
    }
  }

  static func texts(of status: RouterStatus) -> [String] {
    // Addresses hold no space.
    status.instances.flatMap { [$0.name, $0.addresses.joined(separator: " ")] }
  }

  static func router(_ numbers: FlatNumbers, _ texts: [String]) throws(ChunkFault) -> RouterStatus {
    guard numbers.count % 4 == 0, texts.count * 2 == numbers.count else { throw .invalid("router") }
    var instances: [RouterStatus.Instance] = []
    for place in 0..<numbers.count / 4 {
      guard let raw = numbers[place * 4].flatMap({ UInt8(exactly: $0) }),
        let state = RouterStatus.State(rawValue: raw)
      else { throw .invalid("state of a router") }
      instances.append(
        RouterStatus.Instance(
          name: texts[place * 2], state: state,
          since: numbers[place * 4 + 1].map { WallTime(nanoseconds: $0) }, priority: numbers[place * 4 + 2],
          becameMaster: numbers[place * 4 + 3],
          addresses: texts[place * 2 + 1].split(separator: " ").map(String.init)))
    }
    return RouterStatus(instances: instances)
  }

  static func numbers(of status: AddressStatus) -> [Int64?] {
    [
      status.tries, status.failures, status.answers ? 1 : 0, status.outageBegan?.nanoseconds,
      status.outage?.nanoseconds,
    ]
  }

  static func address(_ numbers: FlatNumbers, _ texts: [String]) throws(ChunkFault) -> AddressStatus {
    guard numbers.count == 5, texts.count == 1 else { throw .invalid("address") }
    return AddressStatus(
      holder: texts[0], tries: numbers[0] ?? 0, failures: numbers[1] ?? 0, answers: numbers[2] == 1,
      outageBegan: numbers[3].map { WallTime(nanoseconds: $0) }, outage: numbers[4].map { .nanoseconds($0) })
  }

  static func name(_ numbers: FlatNumbers, _ texts: [String]) throws(ChunkFault) -> NameAnswer {
    guard numbers.count == 2, texts.count == 2, let code = numbers[0].flatMap({ UInt8(exactly: $0) }) else {
      throw .invalid("name")
    }
    return NameAnswer(
      code: code, addresses: texts[0].split(separator: " ").map(String.init), timeToLive: numbers[1],
      server: texts[1])
  }

  static func firewall(_ numbers: FlatNumbers, _ texts: [String]) throws(ChunkFault) -> FirewallCounters {
    guard numbers.count == texts.count * 2 else { throw .invalid("counters") }
    return FirewallCounters(
      counters: texts.indices.map { place in
        FirewallCounters.Counter(
          name: texts[place], packets: numbers[place * 2] ?? 0, bytes: numbers[place * 2 + 1] ?? 0)
      })
  }

  static func path(_ numbers: FlatNumbers) throws(ChunkFault) -> PathState {
    guard numbers.count == 1, let raw = numbers[0].flatMap({ UInt8(exactly: $0) }),
      let state = PathState(rawValue: raw)
    else { throw .invalid("path") }
    return state
  }
}

/// Numbers of a flat sample, some of which may be absent.
struct FlatNumbers {
  let numbers: [Int64]

  var count: Int { numbers.count }

  subscript(place: Int) -> Int64? {
    let number = numbers[place]
    return number == StatTable.absent ? nil : number
  }
}
