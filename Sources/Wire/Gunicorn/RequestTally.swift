public import Cluster

/// Counts the requests that a program tells of, one by one, for somebody who asks now and then.
public struct RequestTally: Sendable {
  /// Whether anything has been told yet.
  public private(set) var hasHeard = false

  private var requests: Int64 = 0
  private var errors: Int64 = 0
  private var microseconds: Int64 = 0
  /// Of the requests since somebody last asked, in microseconds.
  private var durations: [Int64] = []
  /// Whether every single duration since then is known.
  private var isComplete = true
  private let started: Int64

  /// More durations than this between two questions are not kept; then nothing is said of them but their sum.
  public static let durationLimit = 1 << 18

  /// - Parameter started: when the count begins.
  public init(started: WallTime) { self.started = started.nanoseconds / 1_000_000_000 }

  public mutating func take(_ metric: GunicornMetric) {
    hasHeard = true
    switch metric {
    case .requests(let count): requests &+= count
    case .status(let status, let count): if (500...599).contains(status) { errors &+= count }
    case .duration(let duration, let isEvery):
      microseconds &+= duration
      if !isEvery || durations.count == RequestTally.durationLimit {
        isComplete = false
      } else {
        durations.append(duration)
      }
    case .workers: break
    }
  }

  /// Something was told that did not arrive.
  public mutating func noteLoss() { isComplete = false }

  /// What was counted since the beginning, with the latencies since this was last asked.
  public mutating func status() -> WorkerStatus {
    durations.sort()
    func rank(_ share: Int) -> Int64 {
      // The nearest rank: as many as the share says took no longer.
      durations.isEmpty ? 0 : durations[(durations.count * share + 99) / 100 - 1]
    }
    let latencies = WorkerStatus.Latencies(
      count: Int64(durations.count), p50: rank(50), p95: rank(95), p99: rank(99),
      longest: durations.last ?? 0)
    let status = WorkerStatus(
      requests: requests, errors: errors, microseconds: microseconds, started: started,
      latencies: isComplete ? latencies : nil)
    durations.removeAll(keepingCapacity: durations.capacity <= 4096)
    isComplete = true
    return status
  }
}
