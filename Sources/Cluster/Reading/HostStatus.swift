/// What a machine says of its resources, exactly as reported by node_exporter; nil is what it does not say.
public struct HostStatus: Hashable, Sendable {
  /// The time that all processors were not idle, in milliseconds since it started, and the time there was.
  public var busyMilliseconds: Int64?
  public var processorMilliseconds: Int64?
  public var processors: Int64?
  /// Processes that want to run, mean of a minute, in hundredths.
  public var load: Int64?
  /// Bytes.
  public var memory: Int64?
  public var memoryAvailable: Int64?
  /// Of the fullest file system, in bytes; and where it is mounted.
  public var disk: Int64?
  public var diskAvailable: Int64?
  public var mount: String
  /// Bytes through all interfaces but the loopback since it started.
  public var received: Int64?
  public var sent: Int64?
  /// When it started, in seconds since 1970.
  public var started: Int64?

  public init(mount: String = "") { self.mount = mount }
}
