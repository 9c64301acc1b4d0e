public import Cluster

/// One line that keepalived writes when a VRRP instance changes: `INSTANCE "VI_1" MASTER 110`.
///
/// A script may write the same words without the quotes, and the seconds since 1970 before them.
/// Source: keepalived.conf(5), `vrrp_notify_fifo` and the arguments of `notify`.
public struct RouterNotice: Hashable, Sendable {
  public var instance: String
  /// nil where the instance is no longer configured.
  public var state: RouterStatus.State?
  public var priority: Int64?
  public var at: WallTime?
  /// Whether it is the state that it had before, with something else about it.
  public var isOnlyANote: Bool

  /// nil for a line that tells of no instance, such as those of a group.
  public init?(parsing line: Span<UInt8>) {
    var rest = printable(line)[...]
    func skipBlanks() { rest = rest.drop { $0 == " " || $0 == "␉" || $0 == "␍" } }
    func nextWord() -> Substring {
      skipBlanks()
      let word = rest.prefix { $0 != " " && $0 != "␉" && $0 != "␍" }
      rest = rest[word.endIndex...]
      return word
    }
    var first = nextWord()
    at = WallTime(secondsSince1970: first)
    if at != nil { first = nextWord() }
    guard first == "INSTANCE" else { return nil }
    skipBlanks()
    if rest.first == "\"" {
      let name = rest.dropFirst()
      guard let end = name.firstIndex(of: "\"") else { return nil }
      instance = String(name[..<end])
      rest = name[name.index(after: end)...]
    } else {
      instance = String(nextWord())
    }
    guard !instance.isEmpty, let event = RouterNotice.states[String(nextWord())] else { return nil }
    (state, isOnlyANote) = event
    priority = Int64(nextWord())
  }

  private static let states: [String: (RouterStatus.State?, isOnlyANote: Bool)] = [
    "MASTER": (.master, false), "BACKUP": (.backup, false), "FAULT": (.fault, false),
    "STOP": (.stopped, false), "DELETED": (nil, false),
    "MASTER_PRIORITY": (.master, true), "MASTER_RX_LOWER_PRI": (.master, true),
    "BACKUP_PRIORITY": (.backup, true),
  ]
}

extension RouterStatus {
  /// What the end of a file says to which such lines are added; of each instance the newest one counts, in the order
  /// in which the instances are first named.
  ///
  /// - Parameters:
  ///   - isCut: whether it begins within a line, which is then left out. So is one that is not ended yet.
  ///   - changed: when the last line was written.
  public init(notices file: Span<UInt8>, isCut: Bool, changed: WallTime?) {
    self.init(instances: [])
    var start = 0
    var isBroken = isCut
    var last: Int?
    for end in file.indices where file[end] == ASCII.newline {
      let line = file.extracting(start..<end)
      start = end + 1
      if !isBroken, let notice = RouterNotice(parsing: line) { last = take(notice) }
      isBroken = false
    }
    if let last, instances.indices.contains(last), instances[last].since == nil, !isLastANote(file) {
      instances[last].since = changed
    }
  }

  /// Whether the newest line tells of no change, so that its time is not that of one.
  private func isLastANote(_ file: Span<UInt8>) -> Bool {
    var end = file.count
    while end > 0, file[end - 1] != ASCII.newline { end -= 1 }
    guard end > 0 else { return false }
    var start = end - 1
    while start > 0, file[start - 1] != ASCII.newline { start -= 1 }
    return RouterNotice(parsing: file.extracting(start..<(end - 1)))?.isOnlyANote ?? true
  }

  /// - Returns: the place of the instance it tells of; nil where there is none any more.
  private mutating func take(_ notice: RouterNotice) -> Int? {
    let place = instances.firstIndex { $0.name == notice.instance }
    guard let state = notice.state else {
      if let place { instances.remove(at: place) }
      return nil
    }
    let known = place ?? instances.count
    if place == nil {
      guard instances.count < RouterStatus.mostInstances else { return nil }
      instances.append(Instance(name: notice.instance, state: state))
    }
    let isSame = place != nil && instances[known].state == state
    if !(notice.isOnlyANote || isSame) || place == nil {
      instances[known].since = notice.isOnlyANote ? nil : notice.at
    }
    instances[known].state = state
    instances[known].priority = notice.priority ?? instances[known].priority
    return known
  }

  /// VRRP has so many numbers for them.
  static let mostInstances = 255
}
