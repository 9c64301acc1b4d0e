import Cluster
import Glibc
import Platform
import Wire

/// Keeps what one keepalived says through its fifo: the file `notify` beside it, a line for each change, the newest last.
final class NoticeReader {
  /// What each of its VRRP instances, by their names, said last.
  private(set) var states: [String: RouterStatus.State] = [:]

  /// What has come of a line that is not ended yet.
  private var line: [UInt8] = []
  private let changed: () -> Void
  private let fifo: Descriptor
  private let file: Descriptor

  /// Makes the fifo, `fifo`, in the directory `home`; `changed` is called after each change.
  init(home: String, on loop: EventLoop, changed: @escaping () -> Void) throws(LabError) {
    self.changed = changed
    let path = home + "/fifo"
    if mkfifo(path, 0o600) != 0, errno != EEXIST { throw .cannotWrite(path: path, errno: errno) }
    // Also held for writing: so it does not end when keepalived does.
    let raw = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
    guard raw >= 0 else { throw .cannotWrite(path: path, errno: errno) }
    fifo = Descriptor(owning: raw)
    let target = home + "/notify"
    let written = open(target, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard written >= 0 else { throw .cannotWrite(path: target, errno: errno) }
    file = Descriptor(owning: written)
    do throws(SystemError) {
      _ = try loop.watch(raw, for: .reading) { [weak self] _ in self?.copy() }
    } catch {
      throw .system(error)
    }
  }

  private func copy() {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = read(fifo.raw, &chunk, chunk.count)
    if count <= 0 { return }
    _ = chunk.withUnsafeBytes { write(file.raw, $0.baseAddress, count) }
    chunk[..<count].forEach(take)
    changed()
  }

  private func take(_ byte: UInt8) {
    guard byte == UInt8(ascii: "\n") else { return line.append(byte) }
    if let notice = RouterNotice(parsing: line.span) { states[notice.instance] = notice.state }
    line = []
  }
}
