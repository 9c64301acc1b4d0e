import CSystem
import Glibc
import Platform

/// Whole small local files, read and written in one go.
///
/// These calls block, and are made on the loop's thread: each is a few system calls on a file of a few
/// kilobytes in the person's own directory.
enum SmallFile {
  /// What tells one version of a file from the next.
  struct Version: Equatable {
    let device: UInt64
    let inode: UInt64
    let size: Int64
    /// Of its content, and of everything about it: another mode is another version.
    let changed: [Int]

    init(_ status: stat) {
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
      size = Int64(status.st_size)
      changed = [
        status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
      ]
    }

    func isSameFile(as other: Version) -> Bool { device == other.device && inode == other.inode }
  }

  /// The version of what is at the path; nil where nothing is.
  static func version(of path: String) throws(MemoryFailure) -> Version? {
    var status = stat()
    if lstat(path, &status) == 0 { return Version(status) }
    if errno == ENOENT { return nil }
    throw .system(path: path, SystemError(errno: errno, doing: "stat"))
  }

  /// A regular file, open; nil where nothing is at the path. A symbolic link is not followed.
  static func open(_ path: String, _ flags: Int32, mode: mode_t = 0) throws(MemoryFailure) -> Descriptor? {
    // Not blocking: a pipe in the file's place must not hold up the loop.
    let raw = tt_open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, mode)
    switch -raw {
    case ENOENT: return nil
    // A link; a directory; a pipe without a reader, or a socket.
    case ELOOP, EISDIR, ENXIO: throw .notAFile(path: path)
    case let error where error > 0: throw .system(path: path, SystemError(errno: error, doing: "open"))
    default: break
    }
    let file = Descriptor(owning: raw)
    guard try status(of: file.raw, path).st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    return file
  }

  static func status(of raw: Int32, _ path: String) throws(MemoryFailure) -> stat {
    var status = stat()
    guard fstat(raw, &status) == 0 else {
      throw .system(path: path, SystemError(errno: errno, doing: "stat"))
    }
    return status
  }

  /// All bytes, up to a limit.
  static func bytes(
    of file: borrowing Descriptor, _ path: String, limit: Int
  ) throws(MemoryFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = tt_read(file.raw, &block, block.count)
      if count == 0 { return bytes }
      if count < 0 {
        throw .system(path: path, SystemError(errno: Int32(clamping: -count), doing: "read"))
      }
      guard bytes.count + count <= limit else { throw .tooLarge(path: path, limit: limit) }
      bytes += block.prefix(count)
    }
  }

  /// Makes a new file for its owner alone, with all the bytes on the disk; nil where one is there already.
  /// Where it fails no file is left.
  static func make(_ path: String, _ bytes: [UInt8]) throws(MemoryFailure) -> Descriptor? {
    let raw = tt_open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
    if raw == -EEXIST { return nil }
    guard raw >= 0 else { throw .system(path: path, SystemError(errno: -raw, doing: "create")) }
    let file = Descriptor(owning: raw)
    if let error = write(bytes, to: file) {
      unlink(path)
      throw .system(path: path, error)
    }
    return file
  }

  static func write(_ bytes: [UInt8], to file: borrowing Descriptor) -> SystemError? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { tt_write(file.raw, $0.baseAddress, $0.count) }
      if count < 0 { return SystemError(errno: Int32(clamping: -count), doing: "write") }
      rest = rest.dropFirst(count)
    }
    // Whatever the umask is: its owner reads and writes it, and nobody else.
    if fchmod(file.raw, 0o600) != 0 { return SystemError(errno: errno, doing: "chmod") }
    if fsync(file.raw) != 0 { return SystemError(errno: errno, doing: "fsync") }
    return nil
  }
}
