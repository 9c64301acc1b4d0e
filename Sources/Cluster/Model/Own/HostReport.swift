/// The resources of a machine, between the last two readings. Shares are 0…1; what is not known is nil.
public struct HostReport: Sendable {
  public var status: HostStatus
  /// Of all its processors, since the reading before.
  public var processor: Double?
  public var memory: Double?
  /// Of its fullest file system.
  public var disk: Double?
  /// Bytes per second since the reading before.
  public var received: Double?
  public var sent: Double?

  init(_ status: HostStatus, before: HostStatus?, window: Duration?) {
    self.status = status
    memory = HostReport.used(of: status.memory, left: status.memoryAvailable)
    disk = HostReport.used(of: status.disk, left: status.diskAvailable)
    guard let before, let window else { return }
    if let all = status.processorMilliseconds.minus(before.processorMilliseconds), all > 0,
      let busy = status.busyMilliseconds.minus(before.busyMilliseconds)
    {
      processor = min(1, Double(busy) / Double(all))
    }
    received = status.received.minus(before.received).map { Double($0) / window.seconds }
    sent = status.sent.minus(before.sent).map { Double($0) / window.seconds }
  }

  private static func used(of all: Int64?, left: Int64?) -> Double? {
    guard let all, let left, all > 0 else { return nil }
    return min(1, max(0, 1 - Double(left) / Double(all)))
  }
}
