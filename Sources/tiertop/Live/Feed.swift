import Agent
import Cluster
import Dashboard
import History
import Platform

/// Where a dashboard's frames come from: where another program polls the cluster and records what it reads, from
/// its record; else from polls of our own, which are recorded here.
///
/// Who records is decided by the lock of the store. Whoever has it is followed as long as frames of our layout
/// come from there; when it is let go of, this takes over, and when a daemon asks for it, this lets go of it.
final class Feed {
  /// Is given what another program has recorded until now, before any frame; not where it begins with a poll.
  var onBegin: ((Follower.Beginning) -> Void)?
  /// Is given what was recorded in the minutes before this began to poll, where there is anything.
  var onPastMinutes: ((PastMinutes) -> Void)?
  /// Is given each frame, in the order of time.
  var onFrame: ((Frame) -> Void)?
  /// Is called once, when the record can be looked into.
  var onOpen: (() -> Void)?
  /// Is given one line for the user.
  var onNotice: ((String) -> Void)?
  /// Is told who records, whenever that changes.
  var onKeeper: ((RecordKeeper) -> Void)?

  private let layout: Layout
  private let store: String?
  private let agent: Agent
  private let loop: EventLoop
  /// Whether the ways to the load balancers have to be open while nothing is polled.
  private let keepsWays: Bool

  private var path = ""
  /// nil where there is no place for it, and where the layout says that nothing is recorded.
  private(set) var record: Record?
  /// Whether it has been tried to record, or to follow who does.
  private var isOpened = false
  /// Whoever else records; nil where nobody does.
  private var follower: Follower?
  private var program = RecordKeeper.Program(kind: nil, pid: nil)
  private var isPolling = false
  /// Whether the newest frame was polled here, and what is followed comes from elsewhere.
  private var hasSwitched = false
  /// What nobody can record into, or read, is not tried again.
  private var isHopeless = false
  private var newest: Moment?
  /// When the first frame was complete, where nobody had anything to say in it.
  private var firstFrame: Moment?
  private var keeper: RecordKeeper?
  /// What is recorded once it is on the screen.
  private let unrecorded: RoundEnd
  /// What whoever recorded before has left.
  private lazy var backlog = SlicedWork(on: loop)

  private lazy var pollTimer = loop.timer { [unowned self] _ in agent.start(isContinued: true) }
  private lazy var tendTimer = loop.timer { [unowned self] now in tend(now) }
  private lazy var silence = Silence(after: Follower.patience(layout.interval), on: loop) { [unowned self] in
    if Recorder.isRecorded(store: path) { pollBeside(.silence) } else { succeed() }
  }
  private var retryAt = Uptime(nanoseconds: 0)

  /// How often it is looked whether somebody has come or gone of whom the system did not tell.
  private static let round = Duration.seconds(1)
  private static let pause = Duration.seconds(5)

  /// - Parameters:
  ///   - store: `--store`.
  ///   - keepsWays: whether changes may be made meanwhile.
  init(layout: Layout, store: String?, agent: Agent, keepsWays: Bool, loop: EventLoop) {
    self.layout = layout
    self.store = store
    self.agent = agent
    self.keepsWays = keepsWays
    self.loop = loop
    unrecorded = RoundEnd(of: loop)
  }

  /// Begins: with what another program has recorded until now, or with a poll.
  ///
  /// - Parameter intents: what people last set.
  func begin(adopting intents: Intents?) {
    agent.onFrame = { [unowned self] frame in take(frame) }
    findRecord()
    guard record != nil, Recorder.isRecorded(store: path),
      let follower = try? Follower(path, of: layout, on: loop),
      let beginning = try? follower.beginning(adopting: intents)
    else { return poll() }
    isOpened = true
    newest = beginning.at
    onBegin?(beginning)
    onOpen?()
    attach()
    if keepsWays { agent.standBy() }
    follow(follower)
    tendTimer.arm(after: Feed.round)
  }

  /// Ends all of it.
  func stop() {
    unrecorded.doNow()
    agent.stop()
    follower = nil
    record?.letGo()
    silence.stopListening()
    for timer in [tendTimer, pollTimer] { timer.disarm() }
  }

  /// Records a frame that was polled here, with what it made, once that is on the screen: a picture is waited for
  /// by somebody. The record is opened with the first frame that says anything.
  func keep(_ frame: Frame, _ snapshot: Snapshot, events: [Event]) {
    // What was followed is recorded already, by whoever has polled it.
    guard isPolling else { return }
    if isOpened { return unrecorded.add { [unowned self] in note(frame, snapshot, events) } }
    // Whoever is to be in it is still answering, and must not wait for the disk.
    if frame.readings.isEmpty, events.isEmpty, isFirst(frame) { return }
    isOpened = true
    unrecorded.add { [unowned self] in
      settle(takesOver: false)
      // Before anything is recorded: what was before this began.
      if let minutes = record?.pastMinutes(before: frame.at.wall) { onPastMinutes?(minutes) }
      note(frame, snapshot, events)
      onOpen?()
      tendTimer.arm(after: Feed.round)
    }
  }

  /// Whether a frame is that of the first tick, or still belongs to it.
  private func isFirst(_ frame: Frame) -> Bool {
    let first = firstFrame ?? frame.at
    firstFrame = first
    return frame.at.since(first) < layout.interval / 2
  }

  private func note(_ frame: Frame, _ snapshot: Snapshot, _ events: [Event]) {
    guard let record, record.isRecording else { return }
    record.note(frame, snapshot, events: events)
    tell(record.trouble.map { .nobody($0) } ?? .here)
    if record.hasBacklog { backlog.begin { [weak self] in self?.record?.sumUp() ?? false } }
  }

  /// A program that stands still must not keep others from recording.
  func pause() {
    unrecorded.doNow()
    record?.letGo()
  }

  /// Goes on after a pause.
  func resume() {
    if isOpened, follower == nil, !isHopeless { settle(takesOver: true) }
  }
}

// Who records.
extension Feed {
  private func findRecord() {
    guard layout.history.isRecorded else { return }
    do {
      path = try StorePlace.ofReader(layout, option: store)
      record = Record(of: layout, at: path) { [unowned self] words in onNotice?(words) }
    } catch {
      giveUp(error.words)
    }
  }

  private func giveUp(_ words: String) {
    isHopeless = true
    onNotice?("nothing is recorded: \(words)")
    tell(.nobody(words))
  }

  /// Records, or follows who does.
  private func settle(takesOver: Bool) {
    guard let record, !record.isRecording else { return }
    do {
      try record.begin(takesOver: takesOver, at: loop.now.wall)
      follower = nil
      silence.stopListening()
      tell(.here)
    } catch {
      if case .recordedByAnother = error { return followWhoRecords() }
      giveUp(error.words)
    }
  }

  /// Looks at who records; nothing of it is shown before a frame comes from there.
  private func followWhoRecords() {
    guard follower == nil else { return }
    program = RecordKeeper.Program(Recorder.recorder(ofStore: path))
    do {
      follow(try Follower(path, of: layout, on: loop))
    } catch {
      retryAt = loop.now.uptime + Feed.pause
      tell(.beside(program, .unreadable(error.words)))
    }
  }

  private func follow(_ follower: Follower) {
    self.follower = follower
    follower.onFrames = { [unowned self] frames in follow(frames) }
    follower.onObstacle = { [unowned self] obstacle in meet(obstacle) }
    follower.onLetGo = { [unowned self] in succeed() }
    silence.hear()
    follower.start()
  }

  private func tell(_ keeper: RecordKeeper) {
    guard keeper != self.keeper else { return }
    self.keeper = keeper
    onKeeper?(keeper)
  }

  /// Once a second: what no event has told.
  private func tend(_ now: Moment) {
    tendTimer.arm(at: now.uptime + Feed.round)
    guard !isHopeless, let record else { return }
    if record.isRecording {
      if StoreClaim.isMade(onStore: path) { handOver() }
    } else if let follower {
      if follower.isReplaced { self.follower = nil } else { succeed() }
      // Another one may have been quicker.
      if !isPolling { attach() }
    }
    if !record.isRecording, follower == nil, now.uptime >= retryAt { settle(takesOver: true) }
  }

  /// A daemon wants to record. It is polled here until its first frame comes.
  private func handOver() {
    unrecorded.doNow()
    record?.letGo()
    onNotice?("a daemon has come: it records from now on")
    followWhoRecords()
  }

  /// Takes over, where nobody records any more. What was recorded last is shown first.
  private func succeed() {
    guard !Recorder.isRecorded(store: path), !StoreClaim.isMade(onStore: path) else { return }
    follower?.look()
    let (wasAttached, program) = (!isPolling, program)
    if !isHopeless { settle(takesOver: true) }
    if record?.isRecording == true {
      if wasAttached { onNotice?("\(program.words) has ended: polled and recorded here from now on") }
    } else if !isHopeless {
      // Another one was quicker.
      return
    }
    poll()
  }
}

// What is shown.
extension Feed {
  /// Polls from here on; where somebody else did until now, in step with that: two readings close together say
  /// little about a second.
  private func poll() {
    if isPolling { return }
    isPolling = true
    guard let newest else { return agent.start() }
    pollTimer.arm(at: newest.uptime + layout.interval)
  }

  private func take(_ frame: Frame) {
    // In order, and before the model goes on from it: what is held of it would be copied.
    unrecorded.doNow()
    newest = frame.at
    onFrame?(frame)
  }

  private func follow(_ frames: [Frame]) {
    if isPolling { attach() }
    silence.hear()
    for frame in frames where isNew(frame) {
      hasSwitched = false
      take(frame)
    }
  }

  /// The first one that is not polled here must be far enough from the last one that was.
  private func isNew(_ frame: Frame) -> Bool {
    guard let newest else { return true }
    return frame.at.since(newest) > (hasSwitched ? layout.interval / 2 : .zero)
  }

  /// What another program records is shown from now on, and nothing polled.
  private func attach() {
    program = RecordKeeper.Program(Recorder.recorder(ofStore: path))
    if isPolling {
      isPolling = false
      hasSwitched = true
      pollTimer.disarm()
      agent.standBy()
    }
    tell(.other(program))
  }

  private func meet(_ obstacle: Follower.Obstacle) {
    program = RecordKeeper.Program(Recorder.recorder(ofStore: path))
    switch obstacle {
    case .nothingNew: return
    case .otherLayout: pollBeside(.otherLayout)
    case .store(let failure):
      follower = nil
      retryAt = loop.now.uptime + Feed.pause
      pollBeside(.unreadable(failure.words))
    }
  }

  private func pollBeside(_ obstacle: RecordKeeper.Obstacle) {
    silence.stopListening()
    let keeper = RecordKeeper.beside(program, obstacle)
    if keeper != self.keeper {
      onNotice?("\(program.words) \(obstacle.words): polled here, and not recorded")
    }
    tell(keeper)
    poll()
  }
}
