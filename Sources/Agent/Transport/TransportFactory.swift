import Cluster
import Platform
import Wire

/// Chooses the way to ask a source, and how its reply is read.
final class TransportFactory {
  let loop: EventLoop
  let options: AgentOptions
  /// Made for the first page: without one, libcurl is not even loaded.
  private lazy var pages = Result { () throws(ReadFailure) in try PageClient(loop: loop) }

  let tunnels: Tunnels

  init(loop: EventLoop, options: AgentOptions) {
    self.loop = loop
    self.options = options
    tunnels = Tunnels(loop: loop, client: SSHClient(options: options.sshOptions))
  }

  /// Called with the node of which something is heard for the first time by a listener.
  var onHeard: ((NodeName) -> Void)?
  /// Is called when nobody answers any more at a virtual address, and when somebody does again.
  var onTurn: (() -> Void)?
  /// Those that somebody uses: they end with the polls.
  private var listeners: [ListeningPlace: WeakListener] = [:]

  private struct ListeningPlace: Hashable {
    var host: String
    var port: UInt16
    var namespace: ObjectIdentifier?
  }

  private struct WeakListener {
    weak var listener: StatsdListener?
  }

  /// The networks that sources are asked from, by their paths; a failure is tried again with the next poll plan.
  private var namespaces: [String: Result<NetworkNamespace, SystemError>] = [:]

  /// The programs that are run for sources; several may be asked by one of them.
  var commands: [CommandKey: CommandRun] = [:]

  /// The way to poll a source.
  func transport(to source: Source) -> (any Transport, Decoder) {
    if let entry = entryTransport(to: source) { return entry }
    switch source.via {
    case nil: return transport(to: source, at: source.endpoint, within: nil)
    case .ssh(let host):
      guard let target = source.endpoint.target else { return refusing(.unsuited) }
      let (entrance, socket) = tunnels.entrance(to: target, through: host)
      let (inner, decoder) = transport(to: source, at: source.endpoint.moved(to: socket), within: nil)
      return (tunnels.transport(inner, through: entrance), decoder)
    case .namespace(let path):
      switch namespace(path) {
      case .success(let namespace):
        return transport(to: source, at: source.endpoint, within: namespace)
      case .failure(let error): return refusing(.system(errno: error.errno, doing: error.doing))
      }
    }
  }

  func namespace(_ path: String) -> Result<NetworkNamespace, SystemError> {
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

  /// - Parameter endpoint: where the source is asked, which may be the near end of a tunnel.
  private func transport(
    to source: Source, at endpoint: Endpoint, within namespace: NetworkNamespace?
  ) -> (any Transport, Decoder) {
    switch (source.system, endpoint) {
    case (.haproxy, .unix(let path)): stream(to: .unix(path: path), namespace)
    case (.haproxy, .tcp(let host, let port)): stream(to: .tcp(host: host, port: port), namespace)
    case (.haproxy, .http(let page)):
      (self.page(page.asStatisticsTable, namespace), .proxyPage(ProxyReader()))
    case (.nginx, .http(let page)): (self.page(page, namespace), .plain(.stubStatus))
    // Nginx speaks nothing but HTTP: an address alone is its first page.
    case (.nginx, .unix(let path)):
      (page(HTTPEndpoint(url: "http://localhost/", socketPath: path), namespace), .plain(.stubStatus))
    case (.nginx, .tcp(let host, let port)):
      (
        page(HTTPEndpoint(url: "http://\(SocketAddress(host: host, port: port))/"), namespace),
        .plain(.stubStatus)
      )
    case (.apache, .http(let page)): (self.page(page, namespace), .plain(.apache))
    case (.phpFPM, .http(let page)): (self.page(page, namespace), .plain(.phpFPM))
    case (.phpFPM, .fastCGI(let page)):
      (
        stream(to: page.place.address, sending: FastCGIRequest(statusPage: page.page).bytes, namespace),
        .plain(.phpFPMRecords)
      )
    case (.uwsgi, .http(let page)): (self.page(page, namespace), .plain(.uwsgi))
    // It speaks first, and says everything.
    case (.uwsgi, .unix(let path)): (stream(to: .unix(path: path), sending: [], namespace), .plain(.uwsgi))
    case (.uwsgi, .tcp(let host, let port)):
      (stream(to: .tcp(host: host, port: port), sending: [], namespace), .plain(.uwsgi))
    case (.gunicorn, .udp(let host, let port)): count(of: source.node, at: host, port, namespace)
    case (.metrics, .metrics(let page, let names)):
      MetricReader(names).map { (self.page(page, namespace), .plain(.metrics($0))) } ?? refusing(.unsuited)
    case (.host, .metrics(let page, _)): (self.page(page, namespace), .plain(.nodeExporter))
    case (.mariadb, .database(let database)), (.mysql, .database(let database)):
      (
        self.database(database, namespace) { (take) throws(ReadFailure) in try MariaDBClient(take) },
        .database(source.system)
      )
    case (.postgresql, .database(let database)):
      (
        self.database(database, namespace) { (take) throws(ReadFailure) in try PostgresClient(take) },
        .database(source.system)
      )
    default: refusing(.unsuited)
    }
  }

  private func count(
    of node: NodeName, at host: String, _ port: UInt16, _ namespace: NetworkNamespace?
  ) -> (any Transport, Decoder) {
    let place = ListeningPlace(host: host, port: port, namespace: namespace.map { ObjectIdentifier($0) })
    let listener =
      listeners[place]?.listener ?? StatsdListener(host: host, port: port, loop: loop, within: namespace)
    listeners[place] = WeakListener(listener: listener)
    listener.onFirst = { [unowned self] in onHeard?($0) }
    let count = listener.count(for: node)
    return (StatsdTransport(count, from: listener, loop: loop), .count(count))
  }

  private func database(
    _ endpoint: DatabaseEndpoint, _ namespace: NetworkNamespace?,
    by makeClient: @escaping (@escaping DatabaseClient.Take) throws(ReadFailure) -> any DatabaseClient
  ) -> any Transport {
    DatabaseTransport(
      to: endpoint, secrets: options.secrets, limit: options.replyLimit, loop: loop, within: namespace,
      by: makeClient)
  }

  func refusing(_ failure: ReadFailure) -> (any Transport, Decoder) {
    (RefusingTransport(failure, loop: loop), .plain(.stubStatus))
  }

  private func stream(
    to address: StreamAddress, _ namespace: NetworkNamespace?
  ) -> (any Transport, Decoder) {
    // None of these commands has a name in it, so there is nothing that could be refused.
    let request = (try? RuntimeCommand.line(RuntimeCommand.poll)) ?? []
    return (stream(to: address, sending: request, namespace), .proxySocket(ProxyReader()))
  }

  private func stream(
    to address: StreamAddress, sending request: [UInt8], _ namespace: NetworkNamespace?
  ) -> any Transport {
    StreamTransport(
      to: address, request: request, limit: options.replyLimit, loop: loop, within: namespace)
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

extension FastCGIEndpoint.Place {
  fileprivate var address: StreamAddress {
    switch self {
    case .unix(let path): .unix(path: path)
    case .tcp(let host, let port): .tcp(host: host, port: port)
    }
  }
}
