import Cluster
import Platform

/// One source, and the poll of it that is under way.
final class Poll {
  let source: SourceID

  private let transport: any Transport
  private var decoder: Decoder
  private let loop: EventLoop
  private let report: (Reading) -> Void

  private var startTimer: LoopTimer?
  private var began: Moment?
  private var patience = Duration.zero

  /// - Parameter report: is given how each poll ended, once, and never from within `begin`.
  init(
    _ source: SourceID, by transport: any Transport, decoder: Decoder, loop: EventLoop,
    report: @escaping (Reading) -> Void
  ) {
    self.source = source
    self.transport = transport
    self.decoder = decoder
    self.loop = loop
    self.report = report
    if decoder.readsAhead {
      transport.onMore = { [unowned self] in
        self.transport.reply.withBytes { self.decoder.readAhead($0) }
      }
    }
    startTimer = loop.timer { [unowned self] now in begin(now) }
  }

  /// Whether it has begun or is about to.
  var isUnderWay: Bool { began != nil || startTimer?.isArmed == true }

  /// Begins a poll at `start`, at once where that has come; it is over after `deadline` at the latest.
  func begin(at start: Uptime, deadline: Duration) {
    patience = deadline
    let now = loop.now
    if start <= now.uptime { begin(now) } else { startTimer?.arm(at: start) }
  }

  /// Ends the poll that is under way; nothing is reported.
  func abandon() {
    startTimer?.disarm()
    transport.abandon()
    began = nil
  }

  private func begin(_ now: Moment) {
    began = now
    decoder.beginReply()
    transport.begin(deadline: Deadline(patience, from: now.uptime)) { [unowned self] result in
      ended(result)
    }
  }

  private func ended(_ result: Result<Void, ReadFailure>) {
    // Before it is parsed: that is when the reply was complete.
    let now = loop.now
    let took = began.map { now.since($0) } ?? .zero
    began = nil
    report(Reading(source: source, at: now, took: took, outcome: outcome(result, at: now.wall)))
  }

  private func outcome(_ result: Result<Void, ReadFailure>, at now: WallTime) -> Reading.Outcome {
    switch result {
    case .failure(let failure): return .failure(failure)
    case .success:
      do {
        let sample = try transport.reply.withBytes { (bytes) throws(ReadFailure) in
          try decoder.decode(bytes, at: now)
        }
        return .sample(sample)
      } catch {
        return .failure(error)
      }
    }
  }
}
