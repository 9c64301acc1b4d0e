import Glibc
import Platform

/// Writes a file of blocks that has no name, or another, and gives it its own when all of it is on the disk.
final class ExportWriter {
  private let path: String
  private let temporary: String
  private let replaces: Bool
  private var file: Int32
  private var waiting: [UInt8] = []
  private var digest = RunningDigest()
  private var unsynced = 0
  /// Whether there is something under the other name.
  private var isNamed: Bool
  private(set) var size = 0
  private var blocks = 0

  /// O_TMPFILE, of which Swift sees no value: a flag of its own beside O_DIRECTORY.
  private static let nameless = 0o20_000_000 | O_DIRECTORY
  /// Bytes that are written at once.
  private static let piece = 64 << 10
  /// Bytes after which the disk is waited for, so that there is little to wait for at the end.
  private static let patience = 4 << 20

  /// - Throws: `exists` where the file is there, and is not to be replaced; `notAFile`, `system`, `full`.
  init(_ path: String, replaces: Bool) throws(ExportFailure) {
    self.path = path
    self.replaces = replaces
    var status = stat()
    if lstat(path, &status) == 0 {
      // What is no file is never replaced: a device, a link to something else.
      guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
      guard replaces else { throw .exists(path: path) }
    }
    let (folder, name) = ExportWriter.split(path)
    temporary = "\(folder)/.\(name).partial-\(getpid())"
    // Without a name it is gone with this program, however that ends. It is named by way of /proc.
    isNamed = access("/proc/self/fd", F_OK) != 0
    file = isNamed ? -1 : open(folder, O_WRONLY | ExportWriter.nameless | O_CLOEXEC, 0o600)
    if file < 0 {
      // One of the same process's number, left by a program that was killed.
      unlink(temporary)
      file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard file >= 0 else { throw ExportWriter.failure(path, "create") }
      isNamed = true
    }
    // Whatever the umask is.
    fchmod(file, 0o600)
    var head = ExportFormat.magic
    head += [UInt8(ExportFormat.version & 0xFF), UInt8(ExportFormat.version >> 8)]
    digest.add(head)
    waiting = head
  }

  deinit {
    if file >= 0 { close(file) }
    if isNamed { unlink(temporary) }
  }

  func write(_ kind: ExportFormat.Kind, _ content: [UInt8]) throws(ExportFailure) {
    let block = ExportWriter.block(kind, content)
    digest.add(block)
    blocks += 1
    waiting += block
    if waiting.count >= ExportWriter.piece { try flush() }
  }

  /// Writes the trailer, and gives the file its name. It is on the disk then, or nothing is.
  func finish(frames: Int, events: Int) throws(ExportFailure) {
    var writer = ByteWriter()
    writer.count(blocks)
    writer.count(frames)
    writer.count(events)
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      writer.byte(UInt8(truncatingIfNeeded: digest.value >> shift))
    }
    waiting += ExportWriter.block(.trailer, writer.bytes)
    try flush()
    guard fsync(file) == 0 else { throw ExportWriter.failure(path, "fsync") }
    try name()
    close(file)
    file = -1
    // The name too.
    let folder = open(ExportWriter.split(path).folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  static func block(_ kind: ExportFormat.Kind, _ content: [UInt8]) -> [UInt8] {
    var writer = ByteWriter(bytes: [kind.rawValue])
    for shift in stride(from: 0, to: 32, by: 8) {
      writer.byte(UInt8(truncatingIfNeeded: content.count >> shift))
    }
    writer.bytes += content
    writer.seal()
    return writer.bytes
  }

  private func flush() throws(ExportFailure) {
    var rest = waiting[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw ExportWriter.failure(path, "write") }
      rest = rest.dropFirst(count)
    }
    size += waiting.count
    unsynced += waiting.count
    waiting.removeAll(keepingCapacity: true)
    if unsynced >= ExportWriter.patience {
      unsynced = 0
      guard fdatasync(file) == 0 else { throw ExportWriter.failure(path, "fsync") }
    }
  }

  private func name() throws(ExportFailure) {
    if replaces {
      if !isNamed {
        unlink(temporary)
        guard link(to: temporary) else { throw ExportWriter.failure(path, "link") }
        isNamed = true
      }
      return try rename()
    }
    // Of its own accord this never takes the place of what has come meanwhile.
    if link(to: path) { return }
    let failure = ExportWriter.failure(path, "link")
    // A file system without second names.
    guard isNamed, [EPERM, ENOTSUP, EMLINK, ENOSYS].contains(errno) else { throw failure }
    if access(path, F_OK) == 0 { throw .exists(path: path) }
    try rename()
  }

  private func rename() throws(ExportFailure) {
    guard Glibc.rename(temporary, path) == 0 else { throw ExportWriter.failure(path, "rename") }
    isNamed = false
  }

  private func link(to name: String) -> Bool {
    isNamed
      ? Glibc.link(temporary, name) == 0
      : linkat(AT_FDCWD, "/proc/self/fd/\(file)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }

  private static func failure(_ path: String, _ doing: String) -> ExportFailure {
    switch errno {
    case ENOSPC, EDQUOT, EFBIG: .full(path: path)
    case EISDIR: .notAFile(path: path)
    case EEXIST: .exists(path: path)
    case let number: .system(path: path, SystemError(errno: number, doing: doing))
    }
  }
}
