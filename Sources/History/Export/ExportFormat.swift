/// What a file of a saved stretch is made of; docs/export-format.md says it in full.
enum ExportFormat {
  /// Ends lines as no text tool leaves them: what a mail program has turned round is seen at once.
  static let magic: [UInt8] = [0x89, 0x54, 0x49, 0x45, 0x52, 0x0D, 0x0A, 0x1A]
  static let version = 1
  /// The magic, and two bytes of the version.
  static let preamble = 10
  /// Before a block's content its kind and length, and behind it the checksum.
  static let blockHead = 5
  static let blockTail = 4

  enum Kind: UInt8 {
    case header = 1
    case layout, names, frames, stretches, gaps, events, rollUps, states, service
    case trailer = 255
  }

  // Bounds of what is read, and so of what is written.

  /// Bytes of one block.
  static let mostBlock = 64 << 20
  /// Bytes that one packed block may have, unpacked.
  static let mostUnpacked = 32 << 20
  /// The same, of all together but for frames, which are only unpacked when they are looked at.
  static let mostUnpackedTogether = 1 << 30
  static let mostLayoutBytes = 1 << 20
  /// Bytes of all tables of names together, unpacked.
  static let mostNameBytes = 64 << 20
  static let mostChunks = 4_000_000
  static let mostText = 4096
  static let mostLine = 1 << 20
  /// Beyond this the place of a part of a chunk would not be a number of 64 bits.
  static let mostSequence: Int64 = 1 << 46
}

extension ExportFormat {
  /// How many there may be of what a kind of block has.
  static func most(of kind: Kind) -> Int {
    switch kind {
    case .layout: 4096
    case .names: 65_536
    case .events: 2_000_000
    // Minutes: a day of eleven thousand nodes, or a month of 350.
    case .rollUps: 16_000_000
    case .service: 4_000_000
    case .header, .frames, .stretches, .gaps, .states, .trailer: .max
    }
  }
}

/// FNV-1a of 64 bits, bit by bit: over a whole file.
struct RunningDigest {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ bytes: some Sequence<UInt8>) {
    var sum = value
    for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    value = sum
  }
}
