import CSystem
import Cluster
import Glibc
import Platform
import Wire

/// A place to which gunicorn sends what it does, for one node or, told apart by their prefixes, for several.
///
/// It listens from the first poll on, and as long as anybody polls: another agent may need the place next.
final class StatsdListener {
  /// Called with the node of which something is heard for the first time.
  var onFirst: ((NodeName) -> Void)?

  private let loop: EventLoop
  private let namespace: NetworkNamespace?
  private let names: NameCache
  private let host: String
  private var counts: [StatsdCount] = []
  private var socket: Socket?
  private var waiting: [(Result<Void, ReadFailure>) -> Void] = []
  private var buffer = [UInt8](repeating: 0, count: StatsdListener.longest)
  /// How many datagrams the system has thrown away, because nobody took them in time.
  private var lost: UInt32 = 0

  /// Longer datagrams are nobody's: gunicorn's are one line.
  private static let longest = 16 * 1024
  /// How many datagrams are taken in one go, so that a flood leaves time for others.
  private static let atOnce = 128

  private struct Socket: ~Copyable {
    let descriptor: Descriptor
    let watch: Watch
  }

  init(host: String, port: UInt16, loop: EventLoop, within namespace: NetworkNamespace?) {
    self.host = host
    self.loop = loop
    self.namespace = namespace
    names = NameCache(host: host, port: port, loop: loop)
  }

  deinit {
    if let watch = socket?.watch { loop.unwatch(watch) }
  }

  /// From now on counts what is told of the node. A listener of one node takes whatever comes; one of several
  /// takes what begins with a node's name.
  func count(for node: NodeName) -> StatsdCount {
    let count = StatsdCount(node: node, started: loop.now.wall)
    counts.append(count)
    return count
  }

  /// Calls `ready` once it listens, or with the reason why it does not; perhaps before this returns.
  func listen(_ ready: @escaping (Result<Void, ReadFailure>) -> Void) {
    if socket != nil { return ready(.success(())) }
    waiting.append(ready)
    guard waiting.count == 1 else { return }
    names.addresses { [weak self] found in
      guard let self else { return }
      let result = bind(found)
      let waiting = waiting
      self.waiting = []
      for each in waiting { each(result) }
    }
  }

  private func bind(_ addresses: [tt_address]) -> Result<Void, ReadFailure> {
    guard var address = addresses.first else { return .failure(.unresolved(host: printable(host))) }
    do {
      let raw =
        try namespace.map { namespace throws(SystemError) in
          try namespace.within { tt_datagram_listen(&address) }
        } ?? tt_datagram_listen(&address)
      if raw < 0 { return .failure(.system(errno: -raw, doing: "listen")) }
      let descriptor = Descriptor(owning: raw)
      let watch = try loop.watch(raw, for: .reading) { [unowned self] _ in receive(raw) }
      socket = Socket(descriptor: descriptor, watch: watch)
      lost = 0
      return .success(())
    } catch {
      return .failure(.system(errno: error.errno, doing: error.doing))
    }
  }

  private func receive(_ raw: Int32) {
    let before = lost
    for _ in 0..<StatsdListener.atOnce {
      let count = buffer.withUnsafeMutableBytes {
        tt_datagram_receive(raw, $0.baseAddress, $0.count, &lost)
      }
      if count == -Int(EMSGSIZE) { continue }
      if count < 0 { break }
      GunicornMetric.read(buffer.span.extracting(first: count)) { prefix, metric in
        take(metric, of: prefix)
      }
    }
    if lost != before {
      // Nobody knows whose they were.
      for each in counts { each.tally.noteLoss() }
    }
  }

  private func take(_ metric: GunicornMetric, of prefix: Span<UInt8>) {
    let count = counts.count == 1 ? counts.first : counts.first { Self.isNamed($0.node, prefix) }
    guard let count else { return }
    let isFirst = !count.tally.hasHeard
    count.tally.take(metric)
    guard isFirst else { return }
    count.onFirst?()
    onFirst?(count.node)
  }

  private static func isNamed(_ node: NodeName, _ prefix: Span<UInt8>) -> Bool {
    let name = node.text.utf8
    guard name.count == prefix.count else { return false }
    return zip(name, prefix.indices).allSatisfy { $0 == prefix[$1] }
  }
}
