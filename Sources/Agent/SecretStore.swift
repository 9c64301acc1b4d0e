import CSystem
public import Cluster
import Glibc
import Platform

/// Where secrets are read from: the environment and files. It keeps none.
public struct SecretStore: Sendable {
  private let environment: @Sendable (String) -> String?

  /// A secret is a line, not a document; what is longer is cut.
  static let limit = 4096

  /// Reads variables from this process's own environment.
  public init() { environment = { name in getenv(name).map { String(cString: $0) } } }

  /// - Parameter environment: the value of a variable, or nil where it is not set.
  public init(environment: @escaping @Sendable (String) -> String?) { self.environment = environment }

  /// The secret, without line ends at its end.
  ///
  /// - Throws: `secretMissing` where the variable is not set, or the file cannot be read or is empty.
  public func read(_ secret: Secret) throws(ReadFailure) -> String {
    switch secret {
    case .environment(let variable):
      guard let value = environment(variable) else { throw .secretMissing(name: printable(variable)) }
      return value
    case .file(let path):
      guard let value = firstBytes(of: path) else { throw .secretMissing(name: printable(path)) }
      return value
    }
  }

  private func firstBytes(of path: String) -> String? {
    // Not blocking: a pipe in the file's place must not hold up the loop.
    let raw = tt_open(path, O_RDONLY | O_NONBLOCK, 0)
    guard raw >= 0 else { return nil }
    let file = Descriptor(owning: raw)
    var bytes = [UInt8](repeating: 0, count: SecretStore.limit)
    let count = tt_read(file.raw, &bytes, bytes.count)
    guard count > 0 else { return nil }
    bytes.removeSubrange(count...)
    while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
      bytes.removeLast()
    }
    return bytes.isEmpty || bytes.contains(0) ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
