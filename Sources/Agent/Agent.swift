public import Cluster
public import Platform

/// Polls everything in a plan, again and again, and makes a frame of each tick.
///
/// It lives on one event loop and does nothing between its events. Every source ends every poll with a
/// reading; a source that hangs is given up after half an interval, and delays no other.
public final class Agent {
  /// Called with each frame, once a tick and after `pollSoon`, in the order of time. A frame has everything
  /// that was reported since the one before it; a source that is slower than the others is in the next one.
  public var onFrame: ((Frame) -> Void)?
  /// Called with each reading when it is made, before its frame.
  public var onReading: ((Reading) -> Void)?

  private let plan: PollPlan
  private let loop: EventLoop
  private let options: AgentOptions
  private var generator: any RandomNumberGenerator
  private var polls: [Poll] = []
  /// nil while nothing is polled.
  private var schedule: PollSchedule?
  private var transports: TransportFactory?
  private var tunnels: Tunnels?
  private var tickTimer: LoopTimer?
  private var cutTimer: LoopTimer?
  private var soonTimer: LoopTimer?
  /// Polls what knows who holds the virtual addresses, as soon as something has become of one.
  private var turnTimer: LoopTimer?
  /// Makes a frame of what was read for the first time, and too late for its own.
  private var lateTimer: LoopTimer?
  /// Made for the first exchange with a source.
  private var exchanges: [SourceID: Exchanges] = [:]

  private var frame: OpenFrame
  /// Sources that have given nothing yet; what the first of them says is waited for by somebody.
  private var unread: Set<Int> = []
  /// When sources were last polled together.
  private var latestRound = Uptime(nanoseconds: 0)
  /// When a frame was last made of what came late.
  private var latestLate = Uptime(nanoseconds: 0)
  /// When that was last done, and whether it is to be once the open tick's frame is made.
  private var latestTurn = Uptime(nanoseconds: 0)
  private var isTurnDue = false
  /// Sources whose poll is none of the schedule's.
  private var unscheduled: Set<Int> = []

  /// How long the first frame waits for a source: a picture with gaps now is better than a whole one later.
  /// What fills the gaps then comes as soon as it is there, but not more often than after this time.
  static let firstCut = Duration.milliseconds(60)
  /// The part of the interval that the other frames wait, from the last poll's start.
  static let cut = 4
  /// Two polls of a source are at least this far apart, or a quarter of the interval: what passes in less
  /// time says little about a second.
  static let shortestGap = Duration.milliseconds(250)
  /// An address that comes and goes makes a frame no more often than this.
  static let turnGap = Duration.milliseconds(100)

  /// - Parameter generator: makes the jitter of the back-off.
  public init(
    plan: PollPlan, loop: EventLoop, options: AgentOptions = AgentOptions(),
    generator: any RandomNumberGenerator = SystemRandomNumberGenerator()
  ) {
    self.plan = plan
    self.loop = loop
    self.options = options
    self.generator = generator
    frame = OpenFrame(sources: plan.sources.count)
  }

  /// Begins to poll, where it does not yet; the first polls begin before this returns.
  ///
  /// - Parameter isContinued: whether somebody else has polled until now, so that there are rates already, and
  ///   no need of a second poll soon.
  public func start(isContinued: Bool = false) {
    guard schedule == nil else { return }
    let transports = openWays()
    unread = Set(plan.sources.indices)
    polls = plan.sources.enumerated().map { place, source in
      let (transport, decoder) = transports.transport(to: source)
      return Poll(SourceID(place), by: transport, decoder: decoder, loop: loop) { [unowned self] reading in
        take(reading)
      }
    }
    schedule = PollSchedule(
      interval: plan.interval,
      names: plan.sources.map { "\($0.node) \($0.system.rawValue) \($0.endpoint)" },
      every: plan.sources.map(\.every), start: loop.now.uptime, warmUp: options.warmUp && !isContinued)
    tickTimer = loop.timer { [unowned self] now in tick(now) }
    cutTimer = loop.timer { [unowned self] _ in closeTick() }
    soonTimer = loop.timer { [unowned self] now in pollBetweenTicks(now, [.haproxy]) }
    turnTimer = loop.timer { [unowned self] now in lookAtAddresses(now) }
    lateTimer = loop.timer { [unowned self] now in showLate(now) }
    tunnels?.start()
    tick(loop.now)
  }

  /// Polls nothing, or nothing any more, and makes no frames; what is not polling goes on, and the ways to the
  /// load balancers are open for it. `start` begins to poll again.
  public func standBy() {
    endPolls()
    let transports = openWays()
    for (place, source) in plan.sources.enumerated() {
      let place = SourceID(place)
      if exchanges[place] == nil { exchanges[place] = transports.exchanges(with: source) }
    }
    tunnels?.start()
  }

  /// Ends all polls and closes all connections. Nothing is called any more.
  public func stop() {
    endPolls()
    for each in exchanges.values { each.stop() }
    exchanges = [:]
    transports = nil
    onFrame = nil
    onReading = nil
    tunnels?.stop()
    tunnels = nil
  }

  private func openWays() -> TransportFactory {
    if let transports { return transports }
    let transports = TransportFactory(loop: loop, options: options)
    self.transports = transports
    tunnels = transports.tunnels
    tunnels?.onOpen = { [unowned self] host in
      for (place, source) in plan.sources.enumerated() where source.via == .ssh(host) {
        schedule?.retry(place)
      }
    }
    transports.onHeard = { [unowned self] node in
      for (place, source) in plan.sources.enumerated()
      where source.system == .gunicorn && source.node == node { schedule?.retry(place) }
    }
    transports.onTurn = { [unowned self] in
      turnTimer?.arm(at: max(loop.now.uptime, latestTurn + Agent.turnGap))
    }
    return transports
  }

  private func endPolls() {
    for poll in polls { poll.abandon() }
    for timer in [tickTimer, cutTimer, soonTimer, turnTimer, lateTimer] { timer?.disarm() }
    polls = []
    schedule = nil
    frame = OpenFrame(sources: plan.sources.count)
    isTurnDue = false
    unscheduled = []
  }

  // MARK: What is not polling

  /// Sends a request to a load balancer on a connection of its own, and gives its reply to `ended`, once and
  /// never before this returns. It is over after `deadline` at the latest, connecting included.
  ///
  /// Exchanges with the same source are made one after the other; the deadline of one that waits has not begun.
  ///
  /// - Returns: nil where there is nobody to send anything to, and then nobody is called: the source is a
  ///   page, or the agent is not running.
  public func exchange(
    with source: SourceID, sending request: [UInt8], deadline: Duration,
    _ ended: @escaping (ExchangeEnd) -> Void
  ) -> Exchange? {
    guard let transports, plan.sources.indices.contains(source.index) else { return nil }
    guard let line = exchanges[source] ?? transports.exchanges(with: plan[source]) else { return nil }
    exchanges[source] = line
    let exchange = Exchange(request, patience: deadline, ended: ended)
    line.add(exchange)
    return exchange
  }

  /// Polls the load balancers once more before the next tick, which stays where it is, and makes a frame of
  /// what they say. Nothing is done where the next tick is as near. A poll that is under way is left alone.
  public func pollSoon() {
    guard let schedule, soonTimer?.isArmed == false else { return }
    let gap = min(Agent.shortestGap, schedule.interval / Agent.cut)
    let start = max(loop.now.uptime, latestRound + gap)
    if schedule.nextTick - start >= gap { soonTimer?.arm(at: start) }
  }

  // MARK: A tick

  private func tick(_ now: Moment) {
    closeTick()
    soonTimer?.disarm()
    guard var schedule else { return }
    let due = schedule.beginTick(at: now.uptime)
    self.schedule = schedule
    tickTimer?.arm(at: schedule.nextTick)
    frame.open(isBetweenTicks: false)
    poll(due, at: now, in: schedule) { options.waitsForAll ? .zero : schedule.offset(of: $0) }
  }

  /// A failover is seen when it happens, and not when the next tick comes.
  private func lookAtAddresses(_ now: Moment) {
    isTurnDue = frame.isOpen
    guard !frame.isOpen else { return }
    latestTurn = now.uptime
    pollBetweenTicks(now, [.vip, .keepalived])
  }

  private func pollBetweenTicks(_ now: Moment, _ systems: Set<Source.System>) {
    closeTick()
    guard let schedule else { return }
    let places = plan.sources.indices.filter {
      systems.contains(plan.sources[$0].system) && !polls[$0].isUnderWay
    }
    unscheduled.formUnion(places)
    frame.open(isBetweenTicks: true)
    poll(places, at: now, in: schedule) { _ in .zero }
  }

  /// Begins the polls that are to be in the open frame.
  private func poll(
    _ places: [Int], at now: Moment, in schedule: PollSchedule, after offset: (Int) -> Duration
  ) {
    latestRound = now.uptime
    cutTimer?.arm(at: now.uptime + patience(in: schedule))
    for place in places where !polls[place].isUnderWay {
      // One that failed the last time is not waited for: it would delay the others' frame. Of a connection that
      // a firewall does not let stand, silence is the right answer, and it takes as long as it may.
      let mayBeSilent = plan.sources[place].system == .path && !options.waitsForAll
      let isExpected = !schedule.isFailing(place) && !mayBeSilent
      frame.wait(for: place, isExpected: isExpected)
      polls[place].begin(at: now.uptime + offset(place), deadline: schedule.deadline)
    }
    if frame.isComplete { closeTick() }
  }

  /// How long the frame of the tick that begins waits for its readings.
  private func patience(in schedule: PollSchedule) -> Duration {
    // A poll that is given up at the deadline still reports within its tick.
    if options.waitsForAll { return schedule.deadline * 3 / 2 }
    if schedule.isFirst { return min(Agent.firstCut, schedule.interval / Agent.cut) }
    return schedule.interval / PollSchedule.spread + schedule.interval / Agent.cut
  }

  private func take(_ reading: Reading) {
    let place = reading.source.index
    let isScheduled = unscheduled.remove(place) == nil
    var isFirst = false
    switch reading.outcome {
    case .sample:
      schedule?.succeeded(place)
      isFirst = unread.remove(place) != nil
    case .failure(let failure):
      if isScheduled { schedule?.failed(place, isSilent: failure.isSilence, using: &generator) }
    }
    let isComplete = frame.take(reading)
    onReading?(reading)
    if isComplete { closeTick() }
    if isFirst, !options.waitsForAll, !frame.isOpen, frame.hasReadings, lateTimer?.isArmed == false {
      lateTimer?.arm(at: max(loop.now.uptime, latestLate + Agent.firstCut))
    }
  }

  /// Hands over what came for the first time and is in no frame yet, where no tick is about to do so.
  private func showLate(_ now: Moment) {
    guard !frame.isOpen, frame.hasReadings else { return }
    latestLate = now.uptime
    frame.open(isBetweenTicks: true)
    closeTick()
  }

  /// Hands the open tick's frame over, where there is one.
  private func closeTick() {
    guard let closed = frame.close(at: loop.now) else { return }
    cutTimer?.disarm()
    onFrame?(closed)
    // By then it may have been stopped.
    if isTurnDue, schedule != nil {
      isTurnDue = false
      turnTimer?.arm(at: loop.now.uptime)
    }
  }
}
