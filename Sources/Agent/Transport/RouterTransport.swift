import Cluster
import Glibc
import Platform
import Wire

/// Reads what keepalived leaves in a directory: its notices, in `notify`, and its dump, in `keepalived.json`. One of
/// them is enough. They are files of this machine, and reading them does not wait.
final class RouterTransport: Sampler {
  private(set) var sample: Sample?

  private let directory: String
  private let loop: EventLoop
  private var ended: ((Result<Void, ReadFailure>) -> Void)?
  /// The latest whole one: while keepalived writes a new dump, there is only a part of it.
  private var dump: (status: RouterStatus, at: WallTime)?

  /// So much of the notices is read, the newest; each has some thirty bytes.
  static let noticeLimit = 16 * 1024
  /// The largest dump that is read.
  static let dumpLimit = 1 << 20

  init(directory: String, loop: EventLoop) {
    self.directory = directory
    self.loop = loop
  }

  func begin(deadline: Deadline, _ ended: @escaping (Result<Void, ReadFailure>) -> Void) {
    sample = nil
    self.ended = ended
    loop.later { [weak self] in self?.read() }
  }

  func abandon() { ended = nil }

  private func read() {
    guard let ended else { return }
    self.ended = nil
    do {
      sample = .router(try status())
      ended(.success(()))
    } catch {
      ended(.failure(error))
    }
  }

  private func status() throws(ReadFailure) -> RouterStatus {
    let notices = try tail("notify", limit: RouterTransport.noticeLimit).map { file in
      (
        RouterStatus(notices: file.bytes.span, isCut: file.isCut, changed: file.changed),
        file.changed
      )
    }
    try readDump(isNeeded: notices == nil)
    switch (notices, dump) {
    case (let notices?, let dump?): return RouterStatus(notices: notices, dump: dump)
    case (let notices?, nil): return notices.0
    case (nil, let dump?): return dump.status
    case (nil, nil): throw .notWritten(path: printable(directory) + "/notify")
    }
  }

  /// - Parameter isNeeded: whether it is an error that it cannot be read.
  private func readDump(isNeeded: Bool) throws(ReadFailure) {
    guard let file = try tail("keepalived.json", limit: RouterTransport.dumpLimit) else {
      dump = nil
      return
    }
    if dump?.at == file.changed { return }
    if file.isCut {
      if isNeeded { throw .tooLarge(limit: RouterTransport.dumpLimit) }
      return
    }
    do {
      dump = (try RouterStatus(parsingDump: file.bytes.span), file.changed)
    } catch {
      guard isNeeded, dump == nil else { return }
      if case .truncated = error { throw .truncated(received: file.bytes.count) }
      throw .malformed(error)
    }
  }

  /// The end of a file; nil where there is none.
  private func tail(_ name: String, limit: Int) throws(ReadFailure) -> FileTail? {
    let path = directory + "/" + name
    do {
      return try FileTail(path, limit: limit)
    } catch {
      switch error.errno {
      case ENOENT, ENOTDIR: return nil
      case EACCES, EPERM: throw .accessDenied(path: printable(path))
      // A pipe in the place of the file would keep its reader waiting, and take keepalived's words away.
      default: throw .system(errno: error.errno, doing: "open \(printable(path))")
      }
    }
  }
}
