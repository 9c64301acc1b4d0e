import Glibc

/// An open file descriptor with one owner, closed when that owner lets go of it.
public struct Descriptor: ~Copyable, Sendable {
  /// The number, for system calls; valid as long as this value lives.
  public let raw: Int32

  /// Takes over a descriptor that nobody else will close.
  public init(owning raw: Int32) { self.raw = raw }

  /// Gives the number away: whoever takes it has to close it.
  public consuming func release() -> Int32 {
    let raw = raw
    discard self
    return raw
  }

  deinit {
    // Not retried: on Linux the descriptor is gone even where close reports EINTR.
    _ = close(raw)
  }
}
