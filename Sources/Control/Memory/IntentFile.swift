import CSystem
public import Cluster
import Glibc
public import Platform

/// Remembers a cluster's intents across programs and restarts, in a file that all of a person's programs share.
///
/// The first line is `format=tiertop-intents version=1`; then one line of logfmt for each intent, oldest
/// first (see `Intent.line`). The file is replaced whole, by renaming, under a lock on a file beside it: a
/// reader needs no lock, and two writers never lose each other's intents.
///
/// The calls block: each is a few operations on a small local file, and waiting for the lock is bounded.
public final class IntentFile {
  public let path: String
  private let directory: StateDirectory
  private let clock: any Clock
  private let onDamage: (IntentDamage) -> Void

  /// Whether anything was read yet, and which version; nil for no file.
  private var hasRead = false
  private var seen: SmallFile.Version?
  /// The file that was read or written last: while it is open, no other file is given its inode.
  private var held: Descriptor?

  /// Ten thousand servers behind four load balancers have some eight MiB.
  static let limit = 64 << 20

  /// Nothing is read or made yet.
  ///
  /// - Parameter onDamage: is called, within `readIfChanged` and `update`, where lines could not be understood.
  public init(
    directory: StateDirectory, cluster: String, clock: any Clock = SystemClock(),
    onDamage: @escaping (IntentDamage) -> Void
  ) {
    path = directory.intents(of: cluster)
    self.directory = directory
    self.clock = clock
    self.onDamage = onDamage
  }

  /// The intents, where the file is another one than when it was last read or written here; else nil. The
  /// first time always; a file that is not there holds none. One system call where nothing has changed.
  ///
  /// What is wrong with a file is thrown once; then it is asked again when the file has changed.
  ///
  /// - Throws: `newer`, `notAFile`, `tooLarge`, `system`.
  public func readIfChanged() throws(MemoryFailure) -> Intents? {
    let version = try SmallFile.version(of: path)
    if hasRead, version == seen { return nil }
    remember(version)
    let document = try read().document
    reportDamage(of: document, copy: nil)
    return document.intents
  }

  /// Changes the intents as they are in the file now, whoever wrote them, and returns what they are then.
  ///
  /// When it returns they are on the disk. Where it throws, the file is as it was; so it is where `change`
  /// changes nothing. A file with damaged lines is first set aside beside it, as `….damaged-<time>`. Notes are
  /// cut to 1024 bytes in the file.
  ///
  /// - Throws: `busy` where another program has the lock for a tenth of a second; `newer`; what
  ///   `StateDirectory.make` throws; `notAFile`, `tooLarge`, `system`.
  public func update(_ change: (inout Intents) -> Void) throws(MemoryFailure) -> Intents {
    try directory.make()
    let lock = try FileLock(path: path + ".lock")
    let intents = try replace(change)
    lock.release()
    return intents
  }

  private func replace(_ change: (inout Intents) -> Void) throws(MemoryFailure) -> Intents {
    let (document, bytes) = try read()
    var intents = document.intents
    change(&intents)
    guard intents != document.intents else {
      reportDamage(of: document, copy: nil)
      return intents
    }
    var copy: String?
    if !document.damagedLines.isEmpty { copy = try setAside(bytes) }
    try write(IntentDocument.bytes(of: intents))
    reportDamage(of: document, copy: copy)
    return intents
  }

  private func remember(_ version: SmallFile.Version?, of file: consuming Descriptor? = nil) {
    hasRead = true
    seen = version
    held = file
  }

  private func read() throws(MemoryFailure) -> (document: IntentDocument, bytes: [UInt8]) {
    var bytes: [UInt8] = []
    if let file = try SmallFile.open(path, O_RDONLY) {
      let status = try SmallFile.status(of: file.raw, path)
      if status.st_size > IntentFile.limit { throw .tooLarge(path: path, limit: IntentFile.limit) }
      bytes = try SmallFile.bytes(of: file, path, limit: IntentFile.limit)
      remember(SmallFile.Version(status), of: file)
    } else {
      remember(nil)
    }
    do {
      return (try IntentDocument(parsing: bytes), bytes)
    } catch {
      throw .newer(path: path, version: error.version)
    }
  }

  private func reportDamage(of document: IntentDocument, copy: String?) {
    if document.damagedLines.isEmpty { return }
    onDamage(IntentDamage(path: path, lines: document.damagedLines, copy: copy))
  }

  /// Keeps the whole file, whatever it is, under a name that says when.
  private func setAside(_ bytes: [UInt8]) throws(MemoryFailure) -> String {
    let name = path + ".damaged-" + clock.now().wall.rfc3339
    for number in 1...100 {
      let copy = number == 1 ? name : "\(name)-\(number)"
      if try SmallFile.make(copy, bytes) != nil { return copy }
    }
    throw .system(path: name, SystemError(errno: EEXIST, doing: "create"))
  }

  private func write(_ bytes: [UInt8]) throws(MemoryFailure) {
    // What a program left that ended while it wrote; with the lock, nobody else is writing it now.
    let new = path + ".new"
    unlink(new)
    guard let file = try SmallFile.make(new, bytes) else {
      throw .system(path: new, SystemError(errno: EEXIST, doing: "create"))
    }
    guard rename(new, path) == 0 else {
      let error = SystemError(errno: errno, doing: "rename")
      unlink(new)
      throw .system(path: path, error)
    }
    // Of the file that it is now: renaming counts as a change too.
    remember(SmallFile.Version(try SmallFile.status(of: file.raw, path)), of: file)
    syncDirectory()
  }

  /// So that the new name outlives a power failure. Where that is refused, the file still is as it should be.
  private func syncDirectory() {
    let raw = tt_open(directory.path, O_RDONLY | O_DIRECTORY, 0)
    if raw < 0 { return }
    let directory = Descriptor(owning: raw)
    _ = fsync(directory.raw)
  }
}
