import Cluster
import Glibc
import Platform

/// A lock between programs, held as long as this value lives: on a file of its own, which is never renamed.
struct FileLock: ~Copyable {
  private let file: Descriptor

  /// Tries so many times, with a pause between: it holds up the loop for a tenth of a second at most.
  private static let tries = 50
  private static let pause = Duration.milliseconds(2)

  /// - Throws: `busy` where another holds it all the time; `notAFile`, `system`.
  init(path: String) throws(MemoryFailure) {
    for attempt in 0..<FileLock.tries {
      if attempt > 0 { usleep(useconds_t(FileLock.pause.nanoseconds / 1000)) }
      guard let file = try SmallFile.open(path, O_RDWR | O_CREAT, mode: 0o600) else {
        throw .system(path: path, SystemError(errno: ENOENT, doing: "create"))
      }
      if flock(file.raw, LOCK_EX | LOCK_NB) != 0 {
        if errno == EWOULDBLOCK || errno == EINTR { continue }
        throw .system(path: path, SystemError(errno: errno, doing: "lock"))
      }
      // Somebody may have removed the file meanwhile: then it is a lock on nothing.
      let held = try SmallFile.status(of: file.raw, path)
      guard let now = try SmallFile.version(of: path), now.isSameFile(as: SmallFile.Version(held)) else {
        continue
      }
      self.file = file
      return
    }
    throw .busy(path: path, after: FileLock.pause * FileLock.tries)
  }

  /// Said, and not only closed: a child of this process has the same open file until it is another program, and with it
  /// the lock.
  deinit { flock(file.raw, LOCK_UN) }

  /// Lets go of it. A value that is no longer used may end before its scope does; until here it does not.
  consuming func release() {}
}
