import Cluster

extension SitePlan {
  /// For what a plan is made. The configurations are the same but for what belongs to a lab, or to a machine.
  enum Setting: Sendable, Hashable {
    /// Everything in one directory, small, in the foreground, with secrets that are made anew.
    case lab
    /// As Debian places it, for daemons; each secret is left to whoever installs it.
    case machines
  }

  var isForMachines: Bool { setting == .machines }

  /// Whether what is served at a port is meant to be encrypted; a lab does without.
  func isEncrypted(_ port: UInt16) -> Bool { isForMachines && [443, 8443].contains(port) }

  /// The comment at the top of a file.
  func head(of name: String, _ what: String, _ place: MachinePlace, sign: String = "#") -> String {
    let first =
      "\(sign) \(name), \(what) of \(title), written by `tiertop lab\(isForMachines ? " config" : "")`.\n"
    guard isForMachines else { return first }
    let check = place.check.map { "\(sign) Check it: \($0)\n" } ?? ""
    return first + "\(sign) Place: \(place.path)\n" + check + "\(sign) Then: \(place.use)\n"
  }

  /// How a secret stands in a file: itself in a lab; else words that no program takes for one.
  func secret(_ value: KeyPath<Secrets, String>, of user: String) -> String {
    isForMachines ? "<PASSWORD-OF-\(user)>" : "'\(secrets[keyPath: value])'"
  }

  /// The load balancers' own addresses, as far as the layout says them.
  var balancerAddresses: [String] {
    loadBalancers.map(\.address.host).filter { $0 != Self.anywhere }
  }

  /// In the place of an address that is not known: a load balancer needs none to serve.
  static let anywhere = "0.0.0.0"
}
