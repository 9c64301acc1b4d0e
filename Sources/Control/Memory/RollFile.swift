public import Cluster
import Glibc
import Platform
import Wire

/// Where a roll stands, so that a later one can go on.
public struct RollRecord: Hashable, Sendable {
  public var tier: TierName
  public var command: String
  public var done: [NodeName]
  /// Begun, and not brought to an end.
  public var open: [NodeName]

  public init(tier: TierName, command: String, done: [NodeName], open: [NodeName]) {
    self.tier = tier
    self.command = command
    self.done = done
    self.open = open
  }
}

/// Remembers the roll of a cluster that is under way, or has stopped: one at a time.
///
/// The first line is `format=tiertop-roll version=1 tier=web command="…"`; then `node=web1 state=done` or
/// `state=open` for each node that was touched. The file is replaced whole, by renaming.
public final class RollFile {
  public let path: String
  private let directory: StateDirectory
  private var lock: FileLock?

  private static let limit = 4 << 20
  private static let version: Int64 = 1

  /// Nothing is read or made yet.
  public init(directory: StateDirectory, cluster: String) {
    path = directory.path + "/" + StateDirectory.fileName(of: cluster) + ".roll"
    self.directory = directory
  }

  /// Keeps every other roll of the cluster away as long as this lives.
  ///
  /// - Throws: `busy` where another is under way; what `StateDirectory.make` throws; `notAFile`, `system`.
  public func claim() throws(MemoryFailure) {
    try directory.make()
    lock = try FileLock(path: path + ".lock")
  }

  /// The roll that has not come to its end; nil where there is none, or where what is there is none.
  ///
  /// - Throws: `newer`, `notAFile`, `tooLarge`, `system`.
  public func read() throws(MemoryFailure) -> RollRecord? {
    guard let file = try SmallFile.open(path, O_RDONLY) else { return nil }
    let bytes = try SmallFile.bytes(of: file, path, limit: RollFile.limit)
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map { line in
      try? LogfmtLine(parsing: String(decoding: line, as: UTF8.self))
    }
    guard let head = lines.first ?? nil, head["format"] == "tiertop-roll" else { return nil }
    guard let version = head["version"].flatMap({ Int64($0) }) else { return nil }
    if version > RollFile.version { throw .newer(path: path, version: version) }
    guard let tier = head["tier"], let command = head["command"] else { return nil }
    func nodes(_ state: String) -> [NodeName] {
      lines.dropFirst().compactMap { line in
        line?["state"] == state ? line?["node"].map { NodeName($0) } : nil
      }
    }
    return RollRecord(tier: TierName(tier), command: command, done: nodes("done"), open: nodes("open"))
  }

  /// Puts a record in the place of the one before.
  ///
  /// - Throws: what `StateDirectory.make` throws, `notAFile`, `system`; then the one before is still there.
  public func write(_ record: RollRecord) throws(MemoryFailure) {
    try directory.make()
    let head: LogfmtLine = [
      "format": "tiertop-roll", "version": String(RollFile.version), "tier": record.tier.text,
      "command": record.command,
    ]
    let nodes = record.done.map { ($0, "done") } + record.open.map { ($0, "open") }
    let lines = [head] + nodes.map { ["node": $0.text, "state": $1] }
    let new = path + ".new"
    unlink(new)
    guard try SmallFile.make(new, Array(lines.map { $0.text + "\n" }.joined().utf8)) != nil else {
      throw .system(path: new, SystemError(errno: EEXIST, doing: "create"))
    }
    guard rename(new, path) == 0 else {
      let error = SystemError(errno: errno, doing: "rename")
      unlink(new)
      throw .system(path: path, error)
    }
  }

  /// Forgets it: the roll has come to its end.
  public func remove() throws(MemoryFailure) {
    if unlink(path) != 0, errno != ENOENT {
      throw .system(path: path, SystemError(errno: errno, doing: "remove"))
    }
  }
}
