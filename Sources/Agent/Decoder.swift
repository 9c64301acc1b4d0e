import Cluster
import Wire

/// Makes a sample of a reply; keeps what rarely changes from one reply to the next.
enum Decoder {
  /// `RuntimeCommand.poll` over the stats socket.
  case proxySocket(ProxyReader)
  /// The stats page's `;csv`.
  case proxyPage(ProxyReader)
  /// All of the reply, whatever was before.
  case plain(PlainReply)
  /// What came by itself since it was last asked for.
  case count(StatsdCount)
  /// `nft -j list counters`.
  case counters
  /// The transport has made the sample itself.
  case made(by: any Sampler)
  /// The tables that a database server answers with.
  case database(Source.System)

  /// Whether a reply is worth being read while it comes: only those of many rows are.
  var readsAhead: Bool { if case .proxySocket = self { true } else { false } }

  /// Says that a new reply begins.
  mutating func beginReply() { withReader { $0.beginReply() } }

  /// Reads as much of the reply as has come.
  mutating func readAhead(_ reply: Span<UInt8>) { withReader { $0.readAhead(reply) } }

  private mutating func withReader(_ body: (inout ProxyReader) -> Void) {
    guard case .proxySocket(var reader) = self else { return }
    // Out of the enum and back, so that the reader's memory is moved and not copied.
    self = .plain(.stubStatus)
    body(&reader)
    self = .proxySocket(reader)
  }

  /// - Parameter now: when the reply was complete.
  mutating func decode(_ reply: Span<UInt8>, at now: WallTime) throws(ReadFailure) -> Sample {
    switch self {
    case .proxySocket(var reader):
      self = .plain(.stubStatus)
      defer { self = .proxySocket(reader) }
      return .proxy(try reader.sample(from: reply))
    case .proxyPage(var reader):
      self = .plain(.stubStatus)
      defer { self = .proxyPage(reader) }
      return .proxy(try reader.sample(fromPage: reply))
    case .plain(let kind): return try kind.sample(from: reply, at: now)
    case .count(let count): return .workers(count.tally.status())
    case .database(let system):
      let tables: [ResultTable]
      do throws(ReplyFault) {
        tables = try ResultTable.tables(in: reply)
        if system != .postgresql { return .database(try DatabaseStatus(mysql: tables, system: system)) }
      } catch {
        throw .malformed(error)
      }
      return .database(try DatabaseStatus(postgres: tables))
    case .counters:
      do {
        return .firewall(try FirewallCounters(parsing: reply))
      } catch {
        if case .truncated = error { throw .truncated(received: reply.count) }
        throw .malformed(error)
      }
    case .made(let sampler):
      // After a success there is one.
      guard let sample = sampler.sample else { throw .truncated(received: 0) }
      return sample
    }
  }
}
