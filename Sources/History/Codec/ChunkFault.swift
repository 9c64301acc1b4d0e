/// Why bytes of a store are not what they should be. Whoever reads them gets this, and never a wrong number.
public enum ChunkFault: Error, Hashable, Sendable {
  /// They end before what they announce does.
  case truncated
  /// They are not those that were written.
  case checksum
  /// Written in a form of a later version.
  case version(Int)
  /// More of something than there can be.
  case tooLarge(String)
  /// A value that has no meaning where it stands.
  case invalid(String)
  /// The names that it refers to are not there.
  case missingNames(Int64)
  /// zstd could not unpack it; its words.
  case packed(String)
  /// A change of something that was not there before.
  case withoutBase(source: Int)
}
