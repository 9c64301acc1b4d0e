public import CSystem
import Glibc
import Platform

public func unixAddress(_ path: String) -> tt_address {
  var address = tt_address()
  _ = path.withCString { tt_address_unix(&address, $0, strlen($0)) }
  return address
}

public func numericAddress(_ host: String, port: UInt16 = 0) -> tt_address {
  var address = tt_address()
  _ = tt_address_numeric(&address, host, port)
  return address
}

/// A descriptor that can be kept in tuples and closures.
public final class Owned {
  private let descriptor: Descriptor

  public init(_ raw: Int32) { descriptor = Descriptor(owning: raw) }

  public var raw: Int32 { descriptor.raw }
}
