import CSystem
import Cluster
import Platform

/// The addresses of one host, asked for without holding up the loop: at most one question at a time, on a
/// thread of its own, and its answer is good for a minute.
final class NameCache {
  private let host: String
  private let port: UInt16
  private let loop: EventLoop

  private var addresses: [tt_address] = []
  private var goodUntil: Uptime?
  /// Which address to try first.
  private var preferred = 0
  private var question: Question?
  private var waiting: (([tt_address]) -> Void)?

  static let lifetime = Duration.seconds(60)

  private final class Question {
    let descriptor: Descriptor
    var watch: Watch?
    init(_ raw: Int32) { descriptor = Descriptor(owning: raw) }
  }

  init(host: String, port: UInt16, loop: EventLoop) {
    self.host = host
    self.port = port
    self.loop = loop
    var numeric = tt_address()
    if tt_address_numeric(&numeric, host, port) == 0 {
      addresses = [numeric]
      goodUntil = Uptime(nanoseconds: .max)
    }
  }

  /// Calls `found` with the addresses in the order in which to try them, at once where they are known; with
  /// none where the name does not resolve. Replaces whoever waited before.
  func addresses(_ found: @escaping ([tt_address]) -> Void) {
    if let goodUntil, loop.now.uptime < goodUntil { return found(inOrder) }
    waiting = found
    // A question that outlived its poll is still worth its answer.
    if question == nil { ask() }
  }

  /// Forgets who waits, not the question.
  func stopWaiting() { waiting = nil }

  /// The address that was tried first led nowhere: next time another one is the first.
  func turn() {
    if addresses.count > 1 { preferred = (preferred + 1) % addresses.count }
  }

  private var inOrder: [tt_address] { Array(addresses[preferred...] + addresses[..<preferred]) }

  private func ask() {
    let raw = tt_resolve(host, port)
    guard raw >= 0 else { return answer([]) }
    let question = Question(raw)
    do {
      question.watch = try loop.watch(raw, for: .reading) { [weak self] _ in self?.readAnswer() }
      self.question = question
    } catch {
      answer([])
    }
  }

  private func readAnswer() {
    guard let question else { return }
    var resolved = tt_resolved()
    if tt_resolve_finish(question.descriptor.raw, &resolved) != 1 { return }
    endQuestion()
    var found: [tt_address] = []
    withUnsafeBytes(of: resolved.addresses) { raw in
      let list = raw.bindMemory(to: tt_address.self)
      found.append(contentsOf: list.prefix(Int(resolved.count)))
    }
    answer(resolved.error == 0 ? found : [])
  }

  private func answer(_ found: [tt_address]) {
    addresses = found
    preferred = 0
    // That a name does not resolve is asked again with the next poll.
    goodUntil = found.isEmpty ? nil : loop.now.uptime + NameCache.lifetime
    let waiting = waiting
    self.waiting = nil
    waiting?(found)
  }

  private func endQuestion() {
    if let watch = question?.watch { loop.unwatch(watch) }
    question = nil
  }

  deinit { endQuestion() }
}
