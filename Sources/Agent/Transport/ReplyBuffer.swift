import Cluster

/// The bytes of one source's reply. It is used again for every poll, so that a steady source costs no
/// allocation; it grows geometrically up to its limit and shrinks when it has long been far too large.
struct ReplyBuffer {
  /// A reply that is longer than this many bytes is given up.
  let limit: Int
  /// How many bytes have come.
  private(set) var count = 0

  private var storage: [UInt8] = []
  /// The longest reply of the present window, and how many replies the window has had.
  private var peak = 0
  private var replies = 0

  static let firstCapacity = 16 * 1024
  static let growth = 4
  /// After this many replies the room is fitted to the longest of them.
  static let window = 64

  init(limit: Int) { self.limit = limit }

  /// Lends the reply so far.
  func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(storage.span.extracting(first: count))
  }

  var capacity: Int { storage.count }

  /// Whether more has come than may.
  var isOverLimit: Bool { count > limit }

  /// Forgets the reply and keeps the room.
  mutating func clear() {
    peak = max(peak, count)
    replies += 1
    count = 0
    guard replies >= ReplyBuffer.window else { return }
    if capacity > 4 * max(peak, ReplyBuffer.firstCapacity) {
      storage = [UInt8](repeating: 0, count: max(peak, ReplyBuffer.firstCapacity))
    }
    peak = 0
    replies = 0
  }

  /// Offers the free room to `read`, which returns how many bytes it put there, or a negative error.
  mutating func fill(_ read: (UnsafeMutableRawBufferPointer) -> Int) -> Int {
    makeRoom(for: 1)
    let count = count
    let got = storage.withUnsafeMutableBytes { read(UnsafeMutableRawBufferPointer(rebasing: $0[count...])) }
    if got > 0 { self.count += got }
    return got
  }

  /// Adds bytes that somebody else has read.
  ///
  /// - Returns: false where the reply went beyond the limit; nothing is added then.
  mutating func append(_ more: UnsafeRawBufferPointer) -> Bool {
    guard more.count <= limit - count else {
      count = limit + 1
      return false
    }
    makeRoom(for: more.count)
    let count = count
    storage.withUnsafeMutableBytes { room in
      UnsafeMutableRawBufferPointer(rebasing: room[count...]).copyMemory(from: more)
    }
    self.count += more.count
    return true
  }

  private mutating func makeRoom(for more: Int) {
    guard storage.count - count < more else { return }
    // Room that is not used costs nothing, as it is never touched; each time it grows, what has come is copied.
    let wanted = max(ReplyBuffer.firstCapacity, ReplyBuffer.growth * storage.count, count + more)
    // One byte beyond the limit: that it comes is how one knows that the reply is too long.
    let room = max(count + more, min(wanted, limit + 1))
    let (old, count) = (storage, count)
    storage = [UInt8](unsafeUninitializedCapacity: room) { new, made in
      old.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(new).copyMemory(from: .init(rebasing: $0[..<count]))
      }
      made = room
    }
  }
}
