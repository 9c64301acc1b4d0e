import Cluster
import Glibc
import Platform

/// The files that a store is made of.
enum StoreFiles {
  /// Makes an empty one where there is none, for its owner alone; SQLite gives the files beside it the same
  /// mode.
  static func create(_ path: String) throws(StoreFailure) {
    // One that is there is not opened: to close it again would take away the locks (fcntl's) that other
    // connections of this process have on it, and somebody else would then take its log away.
    if access(path, F_OK) == 0 {
      if access(path, W_OK) != 0, errno == EROFS || errno == EACCES { throw .readOnly(path: path) }
      return
    }
    let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if file < 0 {
      let reason = errno
      if reason == EEXIST { return }
      throw .ofFile(reason, doing: "open", path, store: path)
    }
    giveAway(file, beside: path)
    close(file)
  }

  /// What root has just made in the directory of a daemon belongs to the daemon, which could not open it else.
  private static func giveAway(_ file: Int32, beside store: String) {
    guard geteuid() == 0 else { return }
    let directory = store.lastIndex(of: "/").map { String(store[...$0]) } ?? "."
    var status = stat()
    if stat(directory, &status) == 0, status.st_uid != 0 { _ = fchown(file, status.st_uid, status.st_gid) }
  }

  /// Opens a small file that belongs to a store, or makes it, for its owner alone.
  static func openBeside(_ store: String, _ path: String) throws(StoreFailure) -> Int32 {
    let flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW
    let new = open(path, flags | O_CREAT | O_EXCL, 0o600)
    if new >= 0 {
      giveAway(new, beside: store)
      return new
    }
    let file = open(path, flags | O_CREAT, 0o600)
    if file >= 0 { return file }
    throw .ofFile(errno, doing: "open", path, store: store)
  }

  /// Whether a file that is no database any more was a store of ours: its beginning is gone, and the rest not.
  static func wasStore(_ path: String) -> Bool {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { return false }
    defer { close(file) }
    var head = [UInt8](repeating: 0, count: 100)
    let count = head.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
    guard count > 0 else { return false }
    // SQLite's file format, 1.3: sixteen bytes that all begin with, and the application's number at 68.
    let magic = Array("SQLite format 3".utf8) + [0]
    let isAlike = zip(head, magic).count { $0 == $1 } >= 12
    let number = head[68..<72].reduce(Int64(0)) { $0 << 8 | Int64($1) }
    return isAlike && number == Schema.applicationID || number == Schema.applicationID
      || head[..<count].allSatisfy { $0 == 0 }
  }

  /// Gives a damaged store another name, with what belongs to it. Nothing of it is deleted.
  static func setAside(_ path: String, at now: WallTime) throws(StoreFailure) -> String {
    let time = now.rfc3339.filter { $0.isNumber || $0 == "T" }
    for attempt in 0..<1000 {
      let name = "\(path).damaged-\(time)" + (attempt == 0 ? "" : "-\(attempt)")
      if access(name, F_OK) == 0 { continue }
      guard rename(path, name) == 0 else {
        throw .ofFile(errno, doing: "rename", path, store: path)
      }
      // The log belongs to the store; the index of the log is made anew, and would mislead a new store.
      _ = rename(path + "-wal", name + "-wal")
      _ = unlink(path + "-shm")
      return name
    }
    throw .system(path: path, SystemError(errno: EEXIST, doing: "rename"))
  }
}
