import Agent
import Cluster
import Control
import Glibc
import History
import Platform

/// Polls a cluster and records what it sees. Nothing that it meets on the way ends it: what cannot be asked, or
/// cannot be written, is said once and tried again.
final class Daemon {
  private let loop: EventLoop
  private let log: Log
  private let store: String
  private let origin: String
  private let readLayout: () throws(LayoutChoice.Failure) -> Layout
  private let heartbeat: Heartbeat
  private var layout: Layout
  private var model: ClusterModel
  private var agent: Agent?
  private var intents: IntentFile?
  private var unsaid = UnsaidChanges()
  private var recording: Recording?
  /// What whoever recorded before has left.
  private lazy var backlog = SlicedWork(on: loop)
  private var frames = 0
  private var endedBy: Int32 = 0

  /// - Parameters:
  ///   - origin: where the layout came from, in a few words.
  ///   - readLayout: reads it again.
  init(
    _ layout: Layout, origin: String, store: String, loop: EventLoop, log: Log,
    readLayout: @escaping () throws(LayoutChoice.Failure) -> Layout
  ) {
    self.layout = layout
    self.origin = origin
    self.store = store
    self.loop = loop
    self.log = log
    self.readLayout = readLayout
    model = ClusterModel(layout: layout)
    heartbeat = Heartbeat(ServiceManager(), on: loop)
    // The same people's intents tell who has changed what; where there is no such place, nobody is named.
    intents = (try? StateDirectory()).map { directory in
      IntentFile(directory: directory, cluster: layout.memoryName) {
        log.warning("what people had set is damaged", ["words": $0.words])
      }
    }
  }

  /// Polls and records until a signal ends it.
  func run() throws(SystemError) -> ExitStatus {
    do throws(StoreFailure) {
      recording = try takeStore()
    } catch {
      return refuse(error)
    }
    unsaid = UnsaidChanges(continuing: store, at: loop.now.wall)
    log.info(
      "started",
      [
        "version": version, "cluster": layout.cluster, "store": store, "layout": origin,
        "nodes": String(layout.nodes.count), "sources": String(PollPlan(for: layout).sources.count),
      ])
    begin(layout)
    try loop.run()
    heartbeat.stopping()
    agent?.stop()
    recording?.close()
    log.info("stopped", ["signal": String(endedBy), "frames": String(frames)])
    return .good
  }

  func take(signal: Int32) {
    if signal == SIGHUP { return reload() }
    endedBy = signal
    loop.stop()
  }

  /// Opens the store. A dashboard that records into it is asked to let go, which takes it a second at most: it
  /// comes and goes, and a daemon is there to stay.
  private func takeStore() throws(StoreFailure) -> Recording {
    let end = loop.now.uptime + Daemon.patience
    var claim: StoreClaim?
    // Until the store is taken, whatever the compiler thinks of it.
    defer { withExtendedLifetime(claim) {} }
    while true {
      do {
        return try Recording(store, of: layout, takesOver: claim != nil, at: loop.now.wall, log)
      } catch {
        guard case .recordedByAnother(_, let who) = error, who?.program != .agent, endedBy == 0,
          loop.now.uptime < end
        else { throw error }
        if claim == nil {
          claim = try StoreClaim(store: store)
          log.info("a dashboard records: it is asked to let go", ["pid": who.map { String($0.pid) } ?? ""])
        }
      }
      // Signals are heard meanwhile.
      _ = try? loop.runOnce(atMost: .milliseconds(20))
    }
  }

  private static let patience = Duration.seconds(5)

  /// Why there is nothing that this daemon could do here.
  private func refuse(_ failure: StoreFailure) -> ExitStatus {
    guard case .recordedByAnother(_, let who) = failure else {
      log.error("the store cannot be used", ["store": store, "words": failure.words])
      return .unreachable
    }
    log.error(
      "another program records",
      [
        "store": store, "pid": who.map { String($0.pid) } ?? "", "user": who?.user ?? "",
        "since": who?.since.rfc3339 ?? "",
      ])
    return .bad
  }

  private func take(_ frame: Frame) {
    adoptIntents()
    var events = model.advance(with: frame)
    let snapshot = model.snapshot
    events += unsaid.changes(in: snapshot, beside: events)
    if recording?.record(frame, snapshot, events: events) == true { frames += 1 }
    for event in events { log.note(event) }
    heartbeat.frame(at: frame.at.uptime, interval: layout.interval, status: status)
    if recording?.hasBacklog == true { backlog.begin { [weak self] in self?.recording?.sumUp() ?? false } }
  }

  private func adoptIntents() {
    do throws(MemoryFailure) {
      if let news = try intents?.readIfChanged() { model.adopt(news) }
    } catch {
      // Said once: it is not asked again.
      log.warning("what people have set is not known", ["words": error.words])
      intents = nil
    }
  }

  /// `demo: 5 up, 1 down; recording`.
  private var status: String {
    let counts = HealthState.allCases.map { (state: $0, count: model.snapshot.count(of: $0)) }
    let words = counts.filter { $0.count > 0 }.map { "\($0.count) \($0.state.rawValue)" }
    return "\(layout.cluster): \(words.joined(separator: ", ")); \(recording?.trouble ?? "recording")"
  }
}

// The layout.
extension Daemon {
  /// Begins to poll what a layout says, in place of what was polled before. The store stays.
  private func begin(_ next: Layout) {
    agent?.stop()
    layout = next
    model = ClusterModel(layout: next)
    recording?.begin(next, origin: origin)
    let agent = Agent(plan: PollPlan(for: next), loop: loop)
    self.agent = agent
    agent.onFrame = { [unowned self] frame in take(frame) }
    agent.start()
  }

  private func reload() {
    heartbeat.reloading()
    do throws(LayoutChoice.Failure) {
      let next = try readLayout()
      if let words = misfit(of: next) { return keep([words]) }
      log.info(
        "layout read",
        [
          "layout": origin, "nodes": String(next.nodes.count), "changed": next == layout ? "no" : "yes",
        ])
      if next == layout { return heartbeat.reloaded() }
      heartbeat.beginsAnew()
      begin(next)
    } catch {
      keep(error.words.split(separator: "\n").map(String.init))
    }
  }

  /// Why a good layout is none for this daemon, which keeps its store; nil where it is.
  private func misfit(of next: Layout) -> String? {
    if !next.history.isRecorded { return "it says that nothing is recorded" }
    if next.memoryName != layout.memoryName {
      return "it is of another cluster, \(printable(next.cluster)), which needs a daemon of its own"
    }
    return nil
  }

  private func keep(_ reasons: [String]) {
    for words in reasons { log.error("layout not taken", ["layout": origin, "words": words]) }
    log.warning("the layout before is kept", ["layout": origin, "mistakes": String(reasons.count)])
    heartbeat.reloaded()
  }
}
