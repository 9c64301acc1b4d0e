import Cluster
import Platform
import Wire

/// Chooses the way to ask a source, and how its reply is read.
final class TransportFactory {
  private let loop: EventLoop
  private let options: AgentOptions
  /// Made for the first page: without one, libcurl is not even loaded.
  private lazy var pages = Result { () throws(ReadFailure) in try PageClient(loop: loop) }

  let tunnels: Tunnels

  init(loop: EventLoop, options: AgentOptions) {
    self.loop = loop
    self.options = options
    tunnels = Tunnels(loop: loop, client: SSHClient(options: options.sshOptions))
  }

  /// The networks that sources are asked from, by their paths; a failure is tried again with the next poll plan.
  private var namespaces: [String: Result<NetworkNamespace, SystemError>] = [:]

  /// The way to poll a source.
  func transport(to source: Source) -> (any Transport, Decoder) {
    switch source.via {
    case nil: return transport(to: source.endpoint, of: source.system, within: nil)
    case .ssh(let host):
      guard let target = source.endpoint.target else { return refusing(.unsuited) }
      let (entrance, socket) = tunnels.entrance(to: target, through: host)
      let (inner, decoder) = transport(to: source.endpoint.moved(to: socket), of: source.system, within: nil)
      return (tunnels.transport(inner, through: entrance), decoder)
    case .namespace(let path):
      switch namespace(path) {
      case .success(let namespace):
        return transport(to: source.endpoint, of: source.system, within: namespace)
      case .failure(let error): return refusing(.system(errno: error.errno, doing: error.doing))
      }
    }
  }

  private func namespace(_ path: String) -> Result<NetworkNamespace, SystemError> {
    if let known = namespaces[path] { return known }
    let opened = Result { () throws(SystemError) in try NetworkNamespace(path: path) }
    namespaces[path] = opened
    return opened
  }

  /// The way to send a source something else; nil for a page, which takes nothing.
  func exchanges(with source: Source) -> Exchanges? {
    guard source.system == .haproxy else { return nil }
    var entrance: (Tunnels.Entrance, socket: String)?
    if case .ssh(let host)? = source.via, let target = source.endpoint.target {
      entrance = tunnels.entrance(to: target, through: host)
    }
    var within: NetworkNamespace?
    if case .namespace(let path)? = source.via { within = try? namespace(path).get() }
    let endpoint = entrance.map { source.endpoint.moved(to: $0.socket) } ?? source.endpoint
    let address: StreamAddress
    switch endpoint {
    case .unix(let path): address = .unix(path: path)
    case .tcp(let host, let port): address = .tcp(host: host, port: port)
    default: return nil
    }
    let stream = StreamTransport(
      to: address, request: [], limit: options.replyLimit, loop: loop, within: within)
    return Exchanges(over: stream, by: entrance.map { tunnels.transport(stream, through: $0.0) }, loop: loop)
  }

  private func transport(
    to endpoint: Endpoint, of system: Source.System, within namespace: NetworkNamespace?
  ) -> (any Transport, Decoder) {
    switch (system, endpoint) {
    case (.haproxy, .unix(let path)): stream(to: .unix(path: path), namespace)
    case (.haproxy, .tcp(let host, let port)): stream(to: .tcp(host: host, port: port), namespace)
    case (.haproxy, .http(let page)):
      (self.page(page.asStatisticsTable, namespace), .proxyPage(ProxyReader()))
    case (.nginx, .http(let page)): (self.page(page, namespace), .stubStatus)
    // Nginx speaks nothing but HTTP: an address alone is its first page.
    case (.nginx, .unix(let path)):
      (page(HTTPEndpoint(url: "http://localhost/", socketPath: path), namespace), .stubStatus)
    case (.nginx, .tcp(let host, let port)):
      (page(HTTPEndpoint(url: "http://\(SocketAddress(host: host, port: port))/"), namespace), .stubStatus)
    case (.mariadb, .database(let database)), (.mysql, .database(let database)):
      (
        self.database(database, namespace) { (take) throws(ReadFailure) in try MariaDBClient(take) },
        .database(system)
      )
    case (.postgresql, .database(let database)):
      (
        self.database(database, namespace) { (take) throws(ReadFailure) in try PostgresClient(take) },
        .database(system)
      )
    default: refusing(.unsuited)
    }
  }

  private func database(
    _ endpoint: DatabaseEndpoint, _ namespace: NetworkNamespace?,
    by makeClient: @escaping (@escaping DatabaseClient.Take) throws(ReadFailure) -> any DatabaseClient
  ) -> any Transport {
    DatabaseTransport(
      to: endpoint, secrets: options.secrets, limit: options.replyLimit, loop: loop, within: namespace,
      by: makeClient)
  }

  private func refusing(_ failure: ReadFailure) -> (any Transport, Decoder) {
    (RefusingTransport(failure, loop: loop), .stubStatus)
  }

  private func stream(
    to address: StreamAddress, _ namespace: NetworkNamespace?
  ) -> (any Transport, Decoder) {
    // None of these commands has a name in it, so there is nothing that could be refused.
    let request = (try? RuntimeCommand.line(RuntimeCommand.poll)) ?? []
    return (
      StreamTransport(
        to: address, request: request, limit: options.replyLimit, loop: loop, within: namespace),
      .proxySocket(ProxyReader())
    )
  }

  private func page(_ endpoint: HTTPEndpoint, _ namespace: NetworkNamespace?) -> any Transport {
    PageTransport(
      to: endpoint, client: pages, secrets: options.secrets, certificateFile: options.certificateFile,
      limit: options.replyLimit, loop: loop, within: namespace)
  }
}

extension Endpoint {
  /// Where a tunnel has to lead to, seen from the host at its other end.
  fileprivate var target: SSHTunnel.Target? {
    switch self {
    case .unix(let path): .unix(path: path)
    case .tcp(let host, let port): .tcp(host: host, port: port)
    case .path(let address, _): .tcp(host: address.host, port: address.port)
    case .fastCGI(let page):
      switch page.place {
      case .unix(let path): .unix(path: path)
      case .tcp(let host, let port): .tcp(host: host, port: port)
      }
    case .database(let database):
      switch database.place {
      case .unix(let path): .unix(path: path)
      case .tcp(let host, let port): .tcp(host: host, port: port)
      }
    // What is listened for, looked up or run has no place that a tunnel could lead to.
    case .udp, .directory, .name, .counters: nil
    case .http(let page), .metrics(let page, _):
      page.socketPath.map { .unix(path: $0) } ?? .tcp(host: page.host, port: page.port)
    }
  }

  /// The same thing, asked through a local socket. A page keeps its URL, so that the name it is asked for,
  /// and the name that a certificate has to have, stay the same.
  fileprivate func moved(to socket: String) -> Endpoint {
    switch self {
    case .unix, .tcp: return .unix(path: socket)
    case .udp, .directory, .name, .counters, .path: return self
    case .fastCGI(var page):
      page.place = .unix(path: socket)
      return .fastCGI(page)
    case .database(var database):
      database.place = .unix(path: socket)
      return .database(database)
    case .metrics(var page, let names):
      page.socketPath = socket
      return .metrics(page, names)
    case .http(var page):
      page.socketPath = socket
      return .http(page)
    }
  }
}
