import Cluster
import History
import LayoutFile

/// The daemon's recorder: says when recording stops and when it goes on, and is made again where its store could
/// not even be locked at first.
final class Recording {
  private let path: String
  private let cluster: String
  private var policy: HistoryPolicy
  private let log: Log
  private let takesOver: Bool
  private let nodes: Int
  private var recorder: Recorder?
  private var layout: (text: String, origin: String)?
  /// Why there is no recorder, and when one is tried for again.
  private var absence: (failure: StoreFailure, retryAt: Uptime?)?
  /// What was complained of last, so that it is said once.
  private var said: String?
  private var saidAside: String?

  private static let pause = Duration.seconds(5)

  /// - Parameter takesOver: whether another program has let go of the store for this one.
  /// - Throws: what does not pass by itself; for everything else it waits.
  init(
    _ path: String, of layout: Layout, takesOver: Bool, at now: WallTime, _ log: Log
  ) throws(StoreFailure) {
    self.path = path
    cluster = layout.memoryName
    policy = layout.history
    nodes = layout.nodes.count
    self.log = log
    self.takesOver = takesOver
    do {
      recorder = try make(at: now)
    } catch {
      guard Recording.passes(error) else { throw error }
      absence = (error, nil)
    }
    say(recorder?.trouble?.failure ?? absence?.failure)
  }

  /// Why nothing is recorded; nil while all is well.
  var trouble: String? { said.map { "not recording: \($0)" } }

  /// Says which layout the next frames belong to.
  func begin(_ layout: Layout, origin: String) {
    let text = LayoutFile.text(of: layout)
    self.layout = (text, origin)
    policy = layout.history
    recorder?.keep(by: policy)
    recorder?.begin(layout: text, description: origin)
  }

  /// Whether the frame is on the disk.
  func record(_ frame: Frame, _ snapshot: Snapshot, events: [Event]) -> Bool {
    if recorder == nil { tryAgain(at: frame.at) }
    let failure = recorder?.record(frame, snapshot, events: events)?.failure ?? absence?.failure
    say(failure)
    return failure == nil
  }

  /// Whether whoever recorded before has left a minute to be summed up.
  var hasBacklog: Bool { recorder?.hasBacklog ?? false }

  /// Sums up a little of it; false where nothing is left.
  func sumUp() -> Bool { recorder?.sumUp() ?? false }

  func close() {
    recorder?.close()
    // The lock goes with it.
    recorder = nil
  }

  private func make(at now: WallTime) throws(StoreFailure) -> Recorder {
    var options = Recorder.Options()
    options.policy = policy
    options.program = .agent
    options.nodes = nodes
    options.takesOver = takesOver
    let recorder = try Recorder(
      path: path, cluster: cluster, options: options, now: now, layoutOf: Record.layout)
    if let layout { recorder.begin(layout: layout.text, description: layout.origin) }
    return recorder
  }

  private func tryAgain(at now: Moment) {
    if let retryAt = absence?.retryAt, now.uptime < retryAt { return }
    do {
      recorder = try make(at: now.wall)
      absence = nil
    } catch {
      absence = (error, now.uptime + Recording.pause)
    }
  }

  private func say(_ failure: StoreFailure?) {
    if let aside = recorder?.setAside, aside != saidAside {
      saidAside = aside
      log.warning("the store was damaged and set aside", ["store": path, "aside": aside])
    }
    let words = failure?.words
    guard words != said else { return }
    said = words
    if let words {
      log.error("not recording", ["store": path, "words": words])
    } else {
      log.info("recording again", ["store": path])
    }
  }

  /// Whether a store that cannot be opened now may be opened later, with nobody doing anything to this program.
  private static func passes(_ failure: StoreFailure) -> Bool {
    switch failure {
    case .full, .readOnly, .input, .busy, .database: true
    default: false
    }
  }
}
