import Cluster
import Wire

/// Makes a sample of a reply; keeps what rarely changes from one reply to the next.
enum Decoder {
  /// `RuntimeCommand.poll` over the stats socket.
  case proxySocket(ProxyReader)
  /// The stats page's `;csv`.
  case proxyPage(ProxyReader)
  case stubStatus
  /// The tables that a database server answers with.
  case database(Source.System)

  mutating func decode(_ reply: Span<UInt8>) throws(ReadFailure) -> Sample {
    switch self {
    case .proxySocket(var reader):
      // Out of the enum and back, so that the reader's memory is moved and not copied.
      self = .stubStatus
      defer { self = .proxySocket(reader) }
      return .proxy(try reader.sample(from: reply))
    case .proxyPage(var reader):
      self = .stubStatus
      defer { self = .proxyPage(reader) }
      return .proxy(try reader.sample(fromPage: reply))
    case .database(let system):
      let tables: [ResultTable]
      do throws(ReplyFault) {
        tables = try ResultTable.tables(in: reply)
        if system != .postgresql { return .database(try DatabaseStatus(mysql: tables, system: system)) }
      } catch {
        throw .malformed(error)
      }
      return .database(try DatabaseStatus(postgres: tables))
    case .stubStatus:
      do {
        return .web(try StubStatus(parsing: reply))
      } catch {
        if case .truncated = error { throw .truncated(received: reply.count) }
        throw .malformed(error)
      }
    }
  }
}
