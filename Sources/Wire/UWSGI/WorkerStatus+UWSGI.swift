public import Cluster

extension WorkerStatus {
  /// What uWSGI's stats server says: the sums over its workers.
  ///
  /// What a request waits for is a core, of which a worker has one for each of its threads; a worker that was
  /// put away (`cheap`) has none to offer. The time since workers were started is not that of the server, which
  /// it does not say. Throws `truncated` where the text stops early, `missingColumn` for a server without
  /// workers, and `notOf` for something else. Source: core/stats.c, core/master_utils.c.
  public init(uwsgi text: Span<UInt8>) throws(ReplyFault) {
    let stats = try JSONValue.reply(text, of: .uwsgi)
    guard stats["listen_queue"] != nil || stats["workers"] != nil else {
      throw .notOf(.uwsgi, beginning: beginning(of: text))
    }
    guard case .array(let workers)? = stats["workers"] else { throw .missingColumn("workers") }
    self.init()
    for worker in workers {
      requests = WorkerStatus.sum(requests, worker["requests"]?.integer)
      errors = WorkerStatus.sum(errors, worker["exceptions"]?.integer)
      microseconds = WorkerStatus.sum(microseconds, worker["running_time"]?.integer)
      let word = worker["status"]?.text
      if word == "cheap" { continue }
      let cores = worker["cores"]?.elements ?? []
      let working = cores.filter { $0["in_request"]?.integer ?? 0 > 0 }.count
      let all = max(1, cores.count)
      let atWork = cores.isEmpty ? (word == "idle" ? 0 : 1) : working
      busy = WorkerStatus.sum(busy, Int64(atWork))
      idle = WorkerStatus.sum(idle, Int64(all - atWork))
    }
    queue = stats["listen_queue"]?.integer
    let limits = (stats["sockets"]?.elements ?? []).compactMap { $0["max_queue"]?.integer }
    if let limit = limits.max(), limit > 0 { queueLimit = limit }
  }

  /// Of what is known; saturated, as every number here.
  private static func sum(_ sum: Int64?, _ more: Int64?) -> Int64? {
    guard let more else { return sum }
    guard let sum else { return more }
    let (value, isOver) = sum.addingReportingOverflow(more)
    return isOver ? .max : value
  }
}
