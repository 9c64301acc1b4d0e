import CSystem
import Glibc
import Platform

/// The socket in a lab's directory at which it is told what to do: a line in, words out, and it closes.
///
/// The first word of a reply is `ok` or `no`.
final class LabControl {
  /// Its name in the lab's directory.
  static let name = "control.sock"

  private let loop: EventLoop
  private let listener: Descriptor
  private let carryOut:
    (_ words: [String], _ reply: @escaping (_ isGood: Bool, _ text: String) -> Void) -> Void
  private var callers: [Int32: Caller] = [:]

  private struct Caller {
    var watch: Watch?
    var line: [UInt8] = []
  }

  /// A line is never longer.
  private static let limit = 512

  init(
    at path: String, on loop: EventLoop,
    carryOut:
      @escaping (_ words: [String], _ reply: @escaping (_ isGood: Bool, _ text: String) -> Void) -> Void
  ) throws(LabError) {
    self.loop = loop
    self.carryOut = carryOut
    var address = tt_address()
    _ = tt_address_unix(&address, path, path.utf8.count)
    let before = umask(0o177)
    let raw = tt_listen(&address, 8)
    _ = umask(before)
    guard raw >= 0 else { throw .cannotWrite(path: path, errno: -raw) }
    listener = Descriptor(owning: raw)
    do throws(SystemError) {
      _ = try loop.watch(raw, for: .reading) { [weak self] _ in self?.accept() }
    } catch {
      throw .system(error)
    }
  }

  private func accept() {
    let raw = tt_accept(listener.raw)
    guard raw >= 0 else { return }
    do throws(SystemError) {
      let watch = try loop.watch(raw, for: .reading) { [weak self] _ in self?.read(from: raw) }
      callers[raw] = Caller(watch: watch)
    } catch {
      close(raw)
    }
  }

  private func read(from raw: Int32) {
    var chunk = [UInt8](repeating: 0, count: Self.limit)
    let count = chunk.withUnsafeMutableBytes { tt_receive(raw, $0.baseAddress, $0.count) }
    if count == -Int(EAGAIN) { return }
    guard count > 0, var caller = callers[raw], caller.line.count + count <= Self.limit else {
      return drop(raw)
    }
    caller.line += chunk[..<count]
    callers[raw] = caller
    guard let end = caller.line.firstIndex(of: UInt8(ascii: "\n")) else { return }
    // Nothing more is read: the descriptor stays open for the answer.
    if let watch = caller.watch { loop.unwatch(watch) }
    callers[raw]?.watch = nil
    let words = String(decoding: caller.line[..<end], as: UTF8.self).split(separator: " ").map(String.init)
    carryOut(words) { [weak self] isGood, text in
      let bytes = Array(((isGood ? "ok " : "no ") + text).utf8)
      _ = bytes.withUnsafeBytes { tt_send(raw, $0.baseAddress, $0.count) }
      self?.drop(raw)
    }
  }

  private func drop(_ raw: Int32) {
    guard let caller = callers.removeValue(forKey: raw) else { return }
    if let watch = caller.watch { loop.unwatch(watch) }
    close(raw)
  }
}
