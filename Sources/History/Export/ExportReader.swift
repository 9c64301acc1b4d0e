import Glibc
import Platform

/// Reads the blocks of a file of a saved stretch, one after the other, each whole and as it was written.
///
/// Never more memory is taken than a block may have, and never more than the file has.
final class ExportReader {
  private let path: String
  private let file: Int32
  private let size: Int
  private var at = 0
  private var digest = RunningDigest()
  private var blocks = 0
  /// Blocks of frames that were whole, and how many the header promises.
  private var chunks = 0
  var promised: Int?

  init(_ path: String) throws(ExportFailure) {
    self.path = path
    // Not blocking: a pipe in the file's place would wait for a writer.
    file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    if file < 0 {
      if errno == ENOENT { throw .missing(path: path) }
      throw .system(path: path, SystemError(errno: errno, doing: "open"))
    }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      size = 0
      throw .notAFile(path: path)
    }
    size = Int(status.st_size)
    try readPreamble()
  }

  deinit {
    if file >= 0 { close(file) }
  }

  /// Whether a file begins as such a file does.
  static func isExport(_ path: String) -> Bool {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard file >= 0 else { return false }
    defer { close(file) }
    var head = [UInt8](repeating: 0, count: ExportFormat.magic.count)
    return pread(file, &head, head.count, 0) == head.count && head == ExportFormat.magic
  }

  private func readPreamble() throws(ExportFailure) {
    let magic = ExportFormat.magic
    guard size > 0 else { throw .cut(path: path, chunks: 0, of: nil) }
    let beginning = try bytes(min(size, ExportFormat.preamble))
    guard beginning.prefix(magic.count).elementsEqual(magic.prefix(beginning.count)) else {
      throw .foreign(path: path)
    }
    guard beginning.count == ExportFormat.preamble else { throw .cut(path: path, chunks: 0, of: nil) }
    let version = Int(beginning[8]) | Int(beginning[9]) << 8
    guard version > 0 else { throw .damaged(path: path, what: "version", at: 8) }
    guard version <= ExportFormat.version else {
      throw .newer(path: path, version: version, known: ExportFormat.version)
    }
    digest.add(beginning)
  }

  /// The next block; nil behind the trailer, where the file has to end.
  func next() throws(ExportFailure) -> (kind: ExportFormat.Kind, content: [UInt8])? {
    let start = at
    guard size - at >= ExportFormat.blockHead else { throw cut }
    let head = try bytes(ExportFormat.blockHead)
    guard let kind = ExportFormat.Kind(rawValue: head[0]) else { throw damage("a kind of block", start) }
    var count = 0
    for place in 0..<4 { count |= Int(head[1 + place]) << (place * 8) }
    guard count <= ExportFormat.mostBlock else { throw damage("the length of a block", start) }
    guard size - at >= count + ExportFormat.blockTail else { throw cut }
    let block = head + (try bytes(count + ExportFormat.blockTail))
    let body: [UInt8]
    do { body = try unsealed(block) } catch { throw damage("the checksum of a block", start) }
    let content = Array(body.dropFirst(ExportFormat.blockHead))
    if kind == .trailer {
      try check(content, start)
      return nil
    }
    digest.add(block)
    blocks += 1
    if kind == .frames { chunks += 1 }
    return (kind, content)
  }

  /// What the trailer said: frames and events.
  private(set) var counts = (frames: 0, events: 0)

  private func check(_ content: [UInt8], _ start: Int) throws(ExportFailure) {
    var reader = ByteReader(content)
    var told: UInt64 = 0
    var written: UInt64
    do {
      written = try reader.number()
      counts = (Int(clamping: try reader.number()), Int(clamping: try reader.number()))
      for shift in stride(from: UInt64(0), to: 64, by: 8) { told |= UInt64(try reader.byte()) << shift }
      try reader.finish()
    } catch { throw damage("the end", start) }
    guard written == UInt64(blocks) else { throw damage("the number of blocks", start) }
    guard told == digest.value else { throw damage("the checksum of the whole", start) }
    guard at == size else { throw damage("more than was written", at) }
  }

  private var cut: ExportFailure { .cut(path: path, chunks: chunks, of: promised) }

  func damage(_ what: String, _ place: Int? = nil) -> ExportFailure {
    .damaged(path: path, what: what, at: place ?? at)
  }

  private func bytes(_ count: Int) throws(ExportFailure) -> [UInt8] {
    var (done, problem) = (0, Int32(0))
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      while done < count {
        let part = target.baseAddress.map { read(file, $0 + done, count - done) } ?? 0
        if part < 0, errno == EINTR { continue }
        if part < 0 { problem = errno }
        if part <= 0 { break }
        done += part
      }
      filled = done
    }
    if problem != 0 { throw .system(path: path, SystemError(errno: problem, doing: "read")) }
    at += done
    // It has become shorter since it was opened.
    guard done == count else { throw cut }
    return bytes
  }
}
