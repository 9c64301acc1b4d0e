import Glibc

/// Reads whole small files, and never more than a bound: not of a huge one, a device or a pipe.
enum BoundedFile {
  /// How long the other end of a pipe may take.
  static let pipePatience = Duration.seconds(10)

  /// All bytes of a regular file or a pipe; `-` is the standard input.
  static func bytes(of path: String, limit: Int) throws(LayoutFileError) -> [UInt8] {
    if path == "-" { return try bytes(from: STDIN_FILENO, limit: limit) }
    // Not blocking: a named pipe without a writer must not hold us for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw .unreadable(errno: errno) }
    defer { close(descriptor) }
    return try bytes(from: descriptor, limit: limit)
  }

  private static func bytes(from descriptor: Int32, limit: Int) throws(LayoutFileError) -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(errno: errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      if status.st_size > limit { throw .tooLarge(limit: limit) }
    case S_IFIFO: break
    case S_IFDIR: throw .notAFile(.directory)
    case S_IFSOCK: throw .notAFile(.socket)
    default: throw .notAFile(.device)
    }
    let isPipe = status.st_mode & S_IFMT == S_IFIFO
    let deadline = ContinuousClock.now + pipePatience
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65536)
    while true {
      if isPipe { try wait(for: descriptor, until: deadline) }
      let count = read(descriptor, &block, block.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR || isPipe && errno == EAGAIN { continue }
        throw .unreadable(errno: errno)
      }
      // A file can grow while it is read, and those of /proc have no size.
      guard bytes.count + count <= limit else { throw .tooLarge(limit: limit) }
      bytes += block.prefix(count)
    }
  }

  private static func wait(
    for descriptor: Int32, until deadline: ContinuousClock.Instant
  ) throws(LayoutFileError) {
    while true {
      let left = ContinuousClock.now.duration(to: deadline).components
      let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
      guard milliseconds > 0 else { throw .unfinished(after: pipePatience) }
      var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let answer = poll(&question, 1, Int32(clamping: milliseconds))
      if answer > 0 { return }
      if answer < 0, errno != EINTR { throw .unreadable(errno: errno) }
    }
  }
}
