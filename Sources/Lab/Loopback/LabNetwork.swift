/// A part of the loopback network that one lab has for itself: 127.A.B.0/24, and the ports it uses there.
struct LabNetwork: Sendable, Hashable, CustomStringConvertible {
  let a: UInt8
  let b: UInt8
  /// Added to the usual ports, where something on this machine listens on those on all addresses.
  let shift: UInt16

  init(a: UInt8, b: UInt8, shift: UInt16 = 0) {
    self.a = a
    self.b = b
    self.shift = shift
  }

  /// Where sites are served.
  var http: UInt16 { 8080 + shift }
  /// Where a program says how it is.
  var status: UInt16 { 8081 + shift }
  /// Where applications are served.
  var application: UInt16 { 8000 + shift }

  var ports: [UInt16] { [http, status, application] }

  /// Addresses that can be given to programs: 1…253. The last one of a network is the lab's claim on it.
  static let hosts = 253
  static let claim = 254

  /// The address with this number, 1…254.
  func host(_ number: Int) -> String { "127.\(a).\(b).\(number)" }

  var description: String { "127.\(a).\(b).0/24" }
}
