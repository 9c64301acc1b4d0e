import Cluster
import Platform
import Wire

/// Chooses the way to ask a source, and how its reply is read.
final class TransportFactory {
  private let loop: EventLoop
  private let options: AgentOptions
  /// Made for the first page: without one, libcurl is not even loaded.
  private lazy var pages = Result { () throws(ReadFailure) in try PageClient(loop: loop) }

  init(loop: EventLoop, options: AgentOptions) {
    self.loop = loop
    self.options = options
  }

  func transport(to source: Source) -> (any Transport, Decoder) {
    switch (source.system, source.endpoint) {
    case (.haproxy, .unix(let path)): stream(to: .unix(path: path))
    case (.haproxy, .tcp(let host, let port)): stream(to: .tcp(host: host, port: port))
    case (.haproxy, .http(let page)): (self.page(page.asStatisticsTable), .proxyPage(ProxyReader()))
    case (.nginx, .http(let page)): (self.page(page), .stubStatus)
    // Nginx speaks nothing but HTTP: an address alone is its first page.
    case (.nginx, .unix(let path)):
      (page(HTTPEndpoint(url: "http://localhost/", socketPath: path)), .stubStatus)
    case (.nginx, .tcp(let host, let port)):
      (page(HTTPEndpoint(url: "http://\(SocketAddress(host: host, port: port))/")), .stubStatus)
    }
  }

  private func stream(to address: StreamAddress) -> (any Transport, Decoder) {
    // None of these commands has a name in it, so there is nothing that could be refused.
    let request = (try? RuntimeCommand.line(RuntimeCommand.poll)) ?? []
    return (
      StreamTransport(to: address, request: request, limit: options.replyLimit, loop: loop),
      .proxySocket(ProxyReader())
    )
  }

  private func page(_ endpoint: HTTPEndpoint) -> any Transport {
    PageTransport(
      to: endpoint, client: pages, secrets: options.secrets, certificateFile: options.certificateFile,
      limit: options.replyLimit, loop: loop)
  }
}
