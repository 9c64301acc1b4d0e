public import Cluster

extension WorkerStatus {
  /// The status page of PHP-FPM as JSON, with or without its processes.
  ///
  /// Throws `truncated` where the page stops early, `missingColumn` for JSON without the figures that every
  /// version has, and `notOf` for another page. Source: fpm_status.c.
  public init(phpFPM page: Span<UInt8>) throws(ReplyFault) {
    let status = try JSONValue.reply(page, of: .phpFPM)
    guard status["pool"] != nil else { throw .notOf(.phpFPM, beginning: beginning(of: page)) }
    func figure(_ name: String) throws(ReplyFault) -> Int64 {
      guard let value = status[name] else { throw .missingColumn(name) }
      guard let number = value.integer, number >= 0 else { throw .notOf(.phpFPM, beginning: name) }
      return number
    }
    self.init(
      requests: try figure("accepted conn"), busy: try figure("active processes"),
      idle: try figure("idle processes"), queue: try figure("listen queue"),
      exhausted: try figure("max children reached"), slow: status["slow requests"]?.integer,
      started: status["start time"]?.integer)
    // 0 where the system does not say how long the queue may be.
    if let limit = status["listen queue len"]?.integer, limit > 0 { queueLimit = limit }
  }

  /// The same page as a FastCGI server gives it.
  public init(phpFPM reply: FastCGIReply) throws(ReplyFault) { try self.init(phpFPM: reply.body.span) }
}

extension JSONValue {
  /// A reply that has to be JSON.
  static func reply(_ bytes: Span<UInt8>, of system: Source.System) throws(ReplyFault) -> JSONValue {
    do {
      return try JSONValue(parsing: bytes)
    } catch {
      switch error {
      case .truncated where bytes.count > 0: throw .truncated(line: lines(in: bytes))
      case .tooMany(let limit): throw .tooManyRows(limit: limit)
      default: throw .notOf(system, beginning: beginning(of: bytes))
      }
    }
  }

  /// The number of the line in which the bytes end.
  private static func lines(in bytes: Span<UInt8>) -> Int {
    var lines = 1
    for index in bytes.indices where bytes[index] == ASCII.newline { lines += 1 }
    return lines
  }
}
