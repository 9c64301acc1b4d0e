import Cluster
import Glibc
import History
import Platform

/// Opens the record that a command is about, to be read; whoever records goes on meanwhile.
enum PastStore {
  /// `--store`; else that of the layout, or of what is usually watched.
  ///
  /// - Throws: `PastFailure`, `LayoutChoice.Failure`.
  static func timeline(for invocation: Invocation) throws -> Timeline {
    let names = !invocation.operands.isEmpty || invocation.has(.socket) || invocation.has(.nginx)
    let store = invocation.value(of: .store)
    if let store, !names { return try open(store) }
    let layout = try LayoutChoice.layout(for: invocation)
    if let store {
      let timeline = try open(store)
      guard timeline.cluster == layout.memoryName else {
        throw PastFailure.store(.otherCluster(path: store, cluster: timeline.cluster))
      }
      return timeline
    }
    var looked: [PastFailure.Place] = []
    for path in StorePlace.candidates(of: layout) {
      if access(path, R_OK) == 0 { return try open(path) }
      looked.append(PastFailure.Place(path: path, isForbidden: errno == EACCES))
    }
    throw PastFailure.noRecord(cluster: layout.cluster, looked: looked)
  }

  private static func open(_ path: String) throws(PastFailure) -> Timeline {
    if ReplayFile.isOne(path) {
      do { return try ReplayFile(path: path).timeline } catch { throw .export(error) }
    }
    do { return try Timeline(path: path) } catch { throw .store(error) }
  }

  /// What spans count back from: now, or where a saved stretch ends.
  static func now(for invocation: Invocation) -> WallTime {
    invocation.value(of: .store).flatMap { try? ReplayFile.header(of: $0) }?.span.end
      ?? SystemClock().now().wall
  }
}

extension Timeline {
  /// The name of the cluster for people: that of its newest layout; a cluster that was discovered has the
  /// sockets of its load balancers for a name.
  func clusterName() throws(StoreFailure) -> String {
    guard let text = try newestLayout()?.text, let layout = Record.layout(from: text) else { return cluster }
    return layout.cluster
  }

  /// The layout that the newest frame belongs to; nil while there is none.
  func newestLayout() throws(StoreFailure) -> RecordedLayout? {
    try span().flatMap { span throws(StoreFailure) in try layout(ofFrame: span.last) }
  }

  /// Of what the newest frames are: so many that every source has been asked in them several times, but for large ones.
  private static let newest = FrameBounds(frames: 12, numbers: 4 << 20)

  /// How the cluster stood by the newest frames. nil where there are none, or their layout cannot be read.
  func newestSnapshot() throws(StoreFailure) -> Snapshot? {
    guard let span = try span() else { return nil }
    let frames = try frames(endingAt: span.last, within: Timeline.newest)
    guard let last = frames.last, let text = try layout(last.layout)?.text,
      let layout = Record.layout(from: text)
    else { return nil }
    var model = ClusterModel(layout: layout)
    for recorded in frames where recorded.layout == last.layout { _ = model.advance(with: recorded.frame) }
    return model.snapshot
  }
}
