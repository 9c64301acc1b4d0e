import Cluster
import Wire

/// A reply that is read on its own, with nothing remembered from the one before.
enum PlainReply {
  /// Nginx's `stub_status`.
  case stubStatus
  /// Apache's `?auto`.
  case apache
  /// PHP-FPM's JSON, as a page.
  case phpFPM
  /// The same in the records of FastCGI.
  case phpFPMRecords
  /// uWSGI's stats server.
  case uwsgi
  /// Prometheus metrics, and which of them are meant.
  case metrics(MetricReader)
  case nodeExporter

  /// - Parameter now: when the reply was complete.
  func sample(from reply: Span<UInt8>, at now: WallTime) throws(ReadFailure) -> Sample {
    if case .phpFPMRecords = self {
      let page = try PlainReply.page(in: reply)
      return try PlainReply.phpFPM.sample(from: page.span, at: now)
    }
    do {
      return try read(reply, at: now)
    } catch {
      if case .truncated = error { throw .truncated(received: reply.count) }
      throw .malformed(error)
    }
  }

  private func read(_ reply: Span<UInt8>, at now: WallTime) throws(ReplyFault) -> Sample {
    switch self {
    case .stubStatus: .web(try StubStatus(parsing: reply))
    case .apache: .workers(try WorkerStatus(apache: reply, now: now))
    case .phpFPM, .phpFPMRecords: .workers(try WorkerStatus(phpFPM: reply))
    case .uwsgi: .workers(try WorkerStatus(uwsgi: reply))
    case .metrics(let reader): .workers(try reader.status(from: reply))
    case .nodeExporter: .host(try HostStatus(nodeExporter: reply))
    }
  }

  /// The page that came in records, where it is one that was asked for.
  private static func page(in records: Span<UInt8>) throws(ReadFailure) -> [UInt8] {
    let reply: FastCGIReply
    do {
      reply = try FastCGIReply(parsing: records)
    } catch {
      switch error {
      case .truncated: throw .truncated(received: records.count)
      case .notFastCGI(let beginning), .noHeader(let beginning):
        throw .malformed(.notOf(.phpFPM, beginning: beginning))
      // What a web server says of a service that takes no more.
      case .refused: throw .http(status: 503)
      }
    }
    if reply.status != 200 { throw .http(status: reply.status) }
    return reply.body
  }
}
