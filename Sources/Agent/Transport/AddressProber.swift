import CSystem
import Cluster
import Glibc
import Platform
import Wire

/// Connects to a virtual address again and again, as a client would, and knows for how long nobody answered there.
///
/// The tries go on between the polls, from the first one on until it is let go. A poll asks HAProxy, where it is
/// that which answers, for its name, and gives what the tries came to until then.
final class AddressProber: Sampler {
  private(set) var sample: Sample?
  /// Is called when nobody answers any more, and when somebody does again.
  var onTurn: (() -> Void)?

  private let address: SocketAddress
  private let namespace: NetworkNamespace?
  private let gap: Duration
  private let loop: EventLoop

  private var record = AddressRecord()
  private var open: [Int64: ConnectionTry] = [:]
  private var holder = ""
  /// When the latest good try ended, and how long it took.
  private var latestGood: Uptime?
  private var latest: Duration?
  private var longestPatience = AddressProber.patience.longest
  /// What was last told of, or is known from the beginning.
  private var wasAnswering: Bool?
  /// Why no try could be made.
  private var failure: ReadFailure?

  private var question: StreamTransport
  private var isAsking = false
  /// Polls to come in which nobody is asked for a name: whoever answers there does not understand it.
  private var silentPolls = 0
  /// How often in a row it was asked in vain, while it answered the tries.
  private var vain = 0
  private var ended: ((Result<Void, ReadFailure>) -> Void)?
  /// The newest try when the poll began.
  private var wanted: Int64 = 0

  private lazy var tryTimer = loop.timer { [unowned self] now in tryOnce(now) }
  private lazy var lateTimer = loop.timer { [unowned self] now in giveUpLate(now) }
  private lazy var deadlineTimer = loop.timer { [unowned self] _ in finish() }

  /// A try that takes longer than this has failed: a good one's time so often, and within these bounds.
  static let patience = (times: 4, shortest: Duration.milliseconds(250), longest: Duration.seconds(1))
  /// Somebody who does not know the command is not bothered with it again for so many polls.
  static let silence = 300
  /// So often it may say nothing at all before that.
  static let patienceForNames = 3
  /// So many tries are open at once, whatever the gap.
  static let mostOpen = 64
  /// So many in a row have to fail before that is told at once: one that is lost on the way is none of it.
  static let missesOfSilence = 2
  /// While nobody answers, the gap is this part of what it is otherwise, for so long: how long that lasts is to be
  /// known well.
  static let hurry = (part: 3, lasts: Duration.seconds(10))

  /// - Parameter gap: between the beginnings of two tries.
  init(
    to address: SocketAddress, every gap: Duration, loop: EventLoop, within namespace: NetworkNamespace?
  ) {
    self.address = address
    self.namespace = namespace
    self.gap = max(gap, .milliseconds(10))
    self.loop = loop
    // There is no name in it that could be refused.
    let request = (try? RuntimeCommand.line([.showInfo])) ?? []
    question = StreamTransport(
      to: .tcp(host: address.host, port: address.port), request: request, limit: 64 * 1024, loop: loop,
      within: namespace)
  }

  func begin(deadline: Deadline, _ ended: @escaping (Result<Void, ReadFailure>) -> Void) {
    endPoll()
    sample = nil
    self.ended = ended
    // So that the first poll of a silent address can say that it is silent.
    longestPatience = min(AddressProber.patience.longest, deadline.after * 4 / 5)
    if !tryTimer.isArmed { tryOnce(loop.now) }
    wanted = record.newest
    deadlineTimer.arm(at: deadline.at)
    if silentPolls > 0 { silentPolls -= 1 }
    // Where nobody answers the tries, nobody would tell a name.
    guard silentPolls == 0, record.answers || record.tries == 0 else {
      return loop.later { [weak self] in self?.look() }
    }
    isAsking = true
    question.begin(deadline: deadline) { [unowned self] result in
      isAsking = false
      take(result)
      look()
    }
  }

  func abandon() {
    endPoll()
    tryTimer.disarm()
    lateTimer.disarm()
    open = [:]
    record = AddressRecord()
    wasAnswering = nil
  }

  private func endPoll() {
    deadlineTimer.disarm()
    question.abandon()
    isAsking = false
    ended = nil
  }

  // MARK: Tries

  private func tryOnce(_ now: Moment) {
    tryTimer.arm(at: now.uptime + (isHurried(now) ? gap / AddressProber.hurry.part : gap))
    var numeric = tt_address()
    guard open.count < AddressProber.mostOpen,
      tt_address_numeric(&numeric, address.host, address.port) == 0
    else { return }
    let number = record.begin()
    open[number] = ConnectionTry(to: numeric, within: namespace, loop: loop) { [unowned self] result in
      ended(number, result)
    }
    if !lateTimer.isArmed { lateTimer.arm(at: now.uptime + patience) }
  }

  /// Whether somebody answered a moment ago, and nobody does now.
  private func isHurried(_ now: Moment) -> Bool {
    guard let latestGood, let latest, now.uptime - latestGood < AddressProber.hurry.lasts else {
      return false
    }
    if !record.answers { return true }
    return open.values.contains { now.since($0.began) > latest * 2 + gap / 2 }
  }

  private func ended(_ number: Int64, _ result: Result<Int32, SystemError>) {
    guard let tried = open.removeValue(forKey: number) else { return }
    if open.isEmpty { lateTimer.disarm() }
    let now = loop.now
    switch result {
    case .success(let error) where PathState(connecting: error) != nil:
      failure = nil
      if error == 0 { (latestGood, latest) = (now.uptime, now.since(tried.began)) }
      judge(number, isGood: error == 0, at: now)
    // What goes wrong on this side says nothing of the other.
    case .success(let error): fail(number, .system(errno: error, doing: "connect"))
    case .failure(let error): fail(number, .system(errno: error.errno, doing: error.doing))
    }
    look()
  }

  private func fail(_ number: Int64, _ failure: ReadFailure) {
    self.failure = failure
    record.drop(number)
  }

  private func judge(_ number: Int64, isGood: Bool, at now: Moment) {
    record.end(number, isGood: isGood, at: now)
    // Whoever answers after a silence may be another one.
    if !record.answers { (holder, silentPolls, vain) = ("", 0, 0) }
    guard record.tries > 0, record.answers || record.misses >= AddressProber.missesOfSilence else { return }
    if record.answers != wasAnswering ?? record.answers { onTurn?() }
    wasAnswering = record.answers
  }

  private var patience: Duration {
    let (times, shortest, _) = AddressProber.patience
    return latest.map { min(longestPatience, max(shortest, $0 * times)) } ?? longestPatience
  }

  /// Gives up the tries that take too long.
  private func giveUpLate(_ now: Moment) {
    let limit = patience
    for (number, tried) in open where now.since(tried.began) >= limit {
      open[number] = nil
      judge(number, isGood: false, at: now)
    }
    if let oldest = open.values.map(\.began.uptime).min() { lateTimer.arm(at: oldest + limit) }
    look()
  }

  // MARK: The poll

  private func take(_ result: Result<Void, ReadFailure>) {
    switch result {
    case .failure(.timedOut):
      vain += 1
      if vain >= AddressProber.patienceForNames { silentPolls = AddressProber.silence }
    case .failure: break
    case .success:
      do {
        holder = try question.reply.withBytes { (bytes) throws(ReplyFault) in
          try ProxyInfo(parsing: bytes).node
        }
        vain = 0
      } catch {
        if case .notInfo = error { (holder, silentPolls) = ("", AddressProber.silence) }
      }
    }
  }

  /// Ends the poll once everything is known that it waits for.
  private func look() {
    if isAsking, record.tries > 0, !record.answers {
      question.abandon()
      isAsking = false
    }
    if ended != nil, !isAsking, record.isJudged(upTo: wanted) { finish() }
  }

  private func finish() {
    let ended = ended
    endPoll()
    if let failure {
      ended?(.failure(failure))
      return
    }
    sample = .address(
      AddressStatus(
        holder: record.answers ? holder : "", tries: record.tries, failures: record.failures,
        answers: record.answers, outageBegan: record.outageBegan, outage: record.outage))
    ended?(.success(()))
  }
}
