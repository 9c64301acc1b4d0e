import Cluster
import Glibc
import Platform

/// The directory that holds everything of one lab: configurations, sockets, logs. Only its owner may enter it.
struct LabDirectory: Sendable, Hashable {
  /// Absolute, without a slash at its end.
  let path: String
  /// The mode of the directories that are made below it.
  var directoryMode: mode_t = 0o700

  /// What the names of all labs' directories begin with.
  static let prefix = "tiertop-lab-"

  /// A socket's path has at most 107 bytes, of which names in the directory need up to 37.
  private static let longestPath = 70

  /// Makes a new one in the first place that will do: `XDG_RUNTIME_DIR`, `TMPDIR`, `/tmp`.
  ///
  /// - Throws: `noDirectory` with the places that were tried.
  static func make(environment: [String: String]) throws(LabError) -> LabDirectory {
    let places = [environment["XDG_RUNTIME_DIR"], environment["TMPDIR"], "/tmp"].compactMap { $0 }
    for place in places where place.hasPrefix("/") && isPlain(place) {
      var template = Array((place + "/" + prefix + "XXXXXX").utf8CString)
      guard template.count - 1 <= longestPath else { continue }
      // mkdtemp makes it with mode 0700, whatever the umask.
      if mkdtemp(&template) != nil {
        return LabDirectory(path: String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self))
      }
    }
    throw .noDirectory(places.map(printable))
  }

  /// Whether a path can stand in every program's configuration without quotes.
  private static func isPlain(_ path: String) -> Bool {
    path.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }

  /// Writes a file; the directories that its name leads through are made.
  func write(_ file: LabFile) throws(LabError) {
    let target = path + "/" + file.name
    if let end = target.lastIndex(of: "/") { try makeDirectory(String(target[..<end])) }
    let raw = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, file.mode)
    guard raw >= 0 else { throw .cannotWrite(path: target, errno: errno) }
    let descriptor = Descriptor(owning: raw)
    var rest = Array(file.text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor.raw, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw .cannotWrite(path: target, errno: errno)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Makes a directory below this one, with those that lead there.
  ///
  /// - Parameter target: its whole path.
  func makeDirectory(_ target: String) throws(LabError) {
    var parent = path
    for part in target.dropFirst(path.count).split(separator: "/") {
      parent += "/" + part
      if mkdir(parent, directoryMode) != 0, errno != EEXIST { throw .cannotWrite(path: parent, errno: errno) }
    }
  }

  /// The last lines of a file, at most `count` of them; none where it cannot be read.
  func lastLines(of name: String, count: Int = 6) -> [String] {
    let raw = open(path + "/" + name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard raw >= 0 else { return [] }
    let descriptor = Descriptor(owning: raw)
    let size = lseek(descriptor.raw, 0, SEEK_END)
    _ = lseek(descriptor.raw, max(0, size - 4096), SEEK_SET)
    let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, used in
      used = max(0, Glibc.read(descriptor.raw, buffer.baseAddress, 4096))
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(count).map {
      printable(String($0))
    }
  }
}

/// A file that the lab writes.
struct LabFile: Sendable, Hashable {
  /// Below the lab's directory.
  var name: String
  var text: String
  var mode: mode_t = 0o600
}
