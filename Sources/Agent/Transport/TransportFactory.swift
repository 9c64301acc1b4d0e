import Cluster
import Platform
import Wire

/// Chooses the way to ask a source, and how its reply is read.
struct TransportFactory {
  let loop: EventLoop
  let options: AgentOptions

  func transport(to source: Source) -> (any Transport, Decoder) {
    switch source.endpoint {
    case .unix(let path): stream(to: .unix(path: path))
    case .tcp(let host, let port): stream(to: .tcp(host: host, port: port))
    case .http: stream(to: .unix(path: ""))
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
}
