import Cluster
import Glibc
import Platform

/// The directory that holds what one person's programs remember of clusters.
///
/// Source: XDG Base Directory Specification 0.8, `XDG_STATE_HOME`.
public struct StateDirectory: Hashable, Sendable {
  /// Absolute.
  public let path: String

  /// `$XDG_STATE_HOME/tiertop`, else `~/.local/state/tiertop`; values that are no absolute path do not count.
  ///
  /// - Parameters:
  ///   - environment: the value of a variable, or nil where it is not set.
  ///   - home: the home directory that the account has, for where HOME is not set.
  /// - Throws: `noHome`.
  public init(
    environment: (String) -> String? = StateDirectory.variable,
    home: () -> String? = StateDirectory.homeOfAccount
  ) throws(MemoryFailure) {
    func absolute(_ path: String?) -> String? { path.flatMap { $0.hasPrefix("/") ? $0 : nil } }
    if let state = absolute(environment("XDG_STATE_HOME")) {
      path = state + "/tiertop"
    } else if let home = absolute(environment("HOME")) ?? absolute(home()) {
      path = home + "/.local/state/tiertop"
    } else {
      throw .noHome
    }
  }

  /// A directory that something else has made.
  public init(at path: String) { self.path = path }

  /// The value of a variable of this process's own environment; nil where it is not set.
  public static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// What the account of this process has in its entry; nil where there is none.
  public static func homeOfAccount() -> String? {
    guard let entry = getpwuid(getuid()), let home = entry.pointee.pw_dir else { return nil }
    return String(cString: home)
  }

  /// Makes the directory, and those above it, where they are missing: for their owner alone.
  ///
  /// - Throws: `system`, and what `fault` finds in one that is there.
  public func make() throws(MemoryFailure) {
    let bytes = path.utf8
    var end = bytes.startIndex
    while end != bytes.endIndex {
      end = bytes[bytes.index(after: end)...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex
      let part = String(path[..<end])
      // Those above are asked for first: the directory of a mounted system may not be made, and need not.
      if access(part, F_OK) != 0, mkdir(part, 0o700) != 0, errno != EEXIST {
        throw .system(path: part, SystemError(errno: errno, doing: "mkdir"))
      }
    }
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .system(path: path, SystemError(errno: errno, doing: "stat"))
    }
    if let fault = fault(mode: status.st_mode, owner: status.st_uid, user: geteuid()) { throw fault }
  }

  /// What is wrong with a directory of that mode and owner, for that user; nil for nothing.
  func fault(mode: mode_t, owner: uid_t, user: uid_t) -> MemoryFailure? {
    if mode & S_IFMT != S_IFDIR { return .notADirectory(path: path) }
    if owner != user { return .foreignDirectory(path: path, owner: owner) }
    if mode & 0o022 != 0 { return .openDirectory(path: path) }
    return nil
  }

  /// The file of a cluster's intents; every cluster has its own.
  public func intents(of cluster: String) -> String {
    path + "/" + StateDirectory.fileName(of: cluster) + ".intents"
  }

  /// The file of a cluster's history.
  public func history(of cluster: String) -> String {
    path + "/" + StateDirectory.fileName(of: cluster) + ".db"
  }

  /// A name for files that says the cluster's: letters, digits, `.`, `_` and `-` stay, every other byte is
  /// `%XX`, and a dot at the beginning too. What is longer than a file's name may be ends in `%-` and its hash.
  /// Different clusters have different names.
  static func fileName(of cluster: String) -> String {
    var name = ""
    for (place, byte) in cluster.utf8.enumerated() {
      let isPlain =
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        case UInt8(ascii: "."): place > 0
        default: false
        }
      name += isPlain ? String(Unicode.Scalar(byte)) : "%" + hexadecimal(UInt64(byte), digits: 2)
    }
    if name.isEmpty { return "%" }
    guard name.utf8.count > longestName else { return name }
    // FNV-1a, 64 bits: it only has to tell apart the few names that begin with the same hundred letters.
    let hash = cluster.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return name.prefix(longestName - 18) + "%-" + hexadecimal(hash, digits: 16)
  }

  /// With what is added to it, it stays well below the 255 bytes that a name may have.
  private static let longestName = 128

  private static func hexadecimal(_ number: UInt64, digits: Int) -> String {
    let text = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: digits - text.utf8.count) + text
  }
}
