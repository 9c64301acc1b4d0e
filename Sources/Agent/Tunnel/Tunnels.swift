import Cluster
import Platform

/// The tunnels of one agent: one for each host, whatever the number of sources behind it.
final class Tunnels {
  /// Called when a tunnel has been opened; then its sources are worth a try.
  var onOpen: ((SSHHost) -> Void)?

  private let loop: EventLoop
  let client: SSHClient
  private let parents: [String]
  private var directory: Result<TunnelDirectory, SystemError>?
  private var entrances: [SSHHost: Entrance] = [:]

  /// What a transport sees of a tunnel; also where there cannot be one.
  final class Entrance {
    fileprivate let tunnel: SSHTunnel?
    private let impossible: String
    private var transports: [() -> TunnelTransport?] = []
    private var isStarted = false

    fileprivate init(_ tunnel: SSHTunnel?, impossible: String = "") {
      self.tunnel = tunnel
      self.impossible = impossible
    }

    var state: SSHTunnel.State { tunnel?.state ?? .closed(words: impossible) }
    func latestWords() -> String? { tunnel?.latestWords() }
    func forgetWords() { tunnel?.forgetWords() }

    fileprivate func start() {
      if !isStarted { tunnel?.start() }
      isStarted = true
    }

    fileprivate func tell(_ transport: TunnelTransport) {
      transports.append { [weak transport] in transport }
    }

    fileprivate func stateChanged() {
      for transport in transports { transport()?.look() }
    }
  }

  init(loop: EventLoop, client: SSHClient, in parents: [String] = TunnelDirectory.usualParents) {
    self.loop = loop
    self.client = client
    self.parents = parents
  }

  /// The way through `host`, and the local socket that leads to the target.
  func entrance(to target: SSHTunnel.Target, through host: SSHHost) -> (Entrance, socket: String) {
    let entrance = entrances[host] ?? makeEntrance(to: host)
    entrances[host] = entrance
    return (entrance, entrance.tunnel?.socket(for: target) ?? "")
  }

  /// A transport that uses the tunnel.
  func transport(_ inner: any Transport, through entrance: Entrance) -> any Transport {
    let transport = TunnelTransport(inner, through: entrance, loop: loop)
    entrance.tell(transport)
    return transport
  }

  /// Opens those that are not open or opening yet.
  func start() {
    for entrance in entrances.values { entrance.start() }
  }

  func stop() {
    for entrance in entrances.values { entrance.tunnel?.stop() }
    entrances = [:]
    directory = nil
  }

  private func makeEntrance(to host: SSHHost) -> Entrance {
    let directory = directory ?? Result { () throws(SystemError) in try TunnelDirectory(in: parents) }
    self.directory = directory
    switch directory {
    case .failure(let failure):
      return Entrance(nil, impossible: "\(failure.doing): \(failure.words)")
    case .success(let directory):
      let tunnel = SSHTunnel(
        to: host, in: directory, client: client, loop: loop, generator: SystemRandomNumberGenerator())
      let entrance = Entrance(tunnel)
      tunnel.onChange = { [weak self, unowned entrance] state in
        entrance.stateChanged()
        if state == .open { self?.onOpen?(host) }
      }
      return entrance
    }
  }
}
