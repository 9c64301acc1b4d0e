import Platform

/// A descriptor that can be kept in tuples and closures.
final class Owned {
  private var descriptor: Descriptor?
  let raw: Int32

  init(_ raw: Int32) {
    descriptor = Descriptor(owning: raw)
    self.raw = raw
  }

  func close() { descriptor = nil }
}
