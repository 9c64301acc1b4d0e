public import Cluster

extension ProxyInfo {
  /// The `show info` reply, complete with its empty line.
  ///
  /// Names are found wherever they are, in HAProxy's own case; unknown ones are skipped, and a figure that is
  /// not a whole number is nil. Throws `notInfo` for another kind of reply, `truncated` without the empty line.
  public init(parsing reply: Span<UInt8>) throws(ReplyFault) {
    self.init()
    var hasIdentity = false
    var place = 0
    var line = 1
    while true {
      var end = place
      while end < reply.count, reply[end] != ASCII.newline { end += 1 }
      guard end < reply.count else {
        if !hasIdentity, line == 1 { throw .notInfo(beginning: beginning(of: reply)) }
        throw .truncated(line: line)
      }
      if end == place { break }
      if take(reply.extracting(place..<end)) { hasIdentity = true }
      place = end + 1
      line += 1
    }
    guard hasIdentity else { throw .notInfo(beginning: beginning(of: reply)) }
  }

  /// Takes one line over. True where it says that this is HAProxy's information.
  private mutating func take(_ line: Span<UInt8>) -> Bool {
    var colon = 0
    while colon < line.count, line[colon] != ASCII.colon { colon += 1 }
    guard colon < line.count else { return false }
    let name = line.extracting(first: colon)
    var value = line.extracting((colon + 1)...)
    if value.count > 0, value[0] == ASCII.space { value = value.extracting(1...) }

    if areSame(name, "Name") { return true }
    if areSame(name, "Version") {
      version = printable(value)
      return true
    }
    if areSame(name, "node") {
      node = printable(value)
    } else if let figure = ProxyInfo.figures.first(where: { areSame(name, $0.name) }) {
      self[keyPath: figure.path] = wholeNumber(value)
    }
    return false
  }

  private typealias Figure = (name: String, path: any WritableKeyPath<ProxyInfo, Int64?> & Sendable)

  private static let figures: [Figure] = [
    ("Pid", \.pid), ("Uptime_sec", \.uptimeSeconds), ("Start_time_sec", \.startTimeSeconds),
    ("Nbthread", \.threads), ("Nbproc", \.processes), ("Maxconn", \.maxConnections),
    ("CurrConns", \.currentConnections), ("Idle_pct", \.idlePercent),
    ("Stopping", \.stopping),
  ]
}
