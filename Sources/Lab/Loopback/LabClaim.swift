import Cluster
import Glibc
import Platform

/// A network that no other lab uses, for as long as this value lives.
struct LabClaim: ~Copyable {
  let network: LabNetwork
  /// Bound to the network's last address; it does not listen.
  private let descriptor: Descriptor

  /// Looks for one at random.
  ///
  /// - Throws: `noFreeNetwork` after so many tries that something else must be wrong.
  init() throws(LabError) {
    for attempt in 0..<64 {
      // 127.0 is left to what everybody uses. A port that is taken on all addresses is taken in every network:
      // so later attempts also move the ports.
      let network = LabNetwork(
        a: .random(in: 1...250), b: .random(in: 1...250),
        shift: UInt16(attempt / 8) * 1000)
      let host = network.host(LabNetwork.claim)
      let claims = network.ports.map { Self.bound(to: host, port: $0) }
      let isFree = claims.allSatisfy { $0 >= 0 }
      for raw in claims.dropFirst(isFree ? 1 : 0) where raw >= 0 { close(raw) }
      if isFree {
        self.network = network
        descriptor = Descriptor(owning: claims[0])
        return
      }
    }
    throw .noFreeNetwork
  }

  /// A socket that has an address and a port for itself, but does not listen; or -1.
  private static func bound(to host: String, port: UInt16) -> Int32 {
    let raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard raw >= 0 else { return -1 }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
      close(raw)
      return -1
    }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(raw, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if result != 0 {
      close(raw)
      return -1
    }
    return raw
  }
}
