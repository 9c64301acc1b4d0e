/// What sealing a chunk costs, counted in some ten nanoseconds. A tick does so much of it, and not so many steps, which
/// may be anything.
enum Work {
  /// Of a byte of a row that is gathered, of a byte of columns that is taken to those that are like it, and of one that
  /// is packed.
  static let gathering = 4
  static let turning = 1
  static let packing = 3
  /// So many columns are looked at for one.
  static let columns = 4
  /// Of a byte, as it is packed, that is written.
  static let writing = 2
  /// Of a row that is removed; and so many bytes of it for one.
  static let row = 512
  static let removing = 8
  /// Of a source, however little it said.
  static let part = 4096
  /// Of a tick at least.
  static let least = 16_384
  /// All that a byte of a row costs, and a quarter more: what is sealed is sealed before the next is complete, and
  /// something is left for what comes after sealing.
  static let whole = 11
}
