import Cluster
import TestSupport

@testable import History

/// A store in a folder of its own, and what has been recorded into it.
final class Store {
  let scratch: Scratch
  let path: String
  var options = Recorder.Options()
  var maker: FrameMaker
  /// Those that were acknowledged, and all.
  private(set) var frames: [Frame] = []
  private(set) var offered: [Frame] = []
  var recorder: Recorder?
  private var snapshot: Snapshot

  static let layout = Layout(
    cluster: "test",
    tiers: [
      Layout.Tier(
        name: TierName("all"),
        nodes: [
          Layout.Node(name: NodeName("a"), haproxy: .unix(path: "/run/a.sock")),
          Layout.Node(name: NodeName("b"), nginx: .unix(path: "/run/b.sock")),
          Layout.Node(name: NodeName("c"), haproxy: .unix(path: "/run/c.sock")),
          Layout.Node(name: NodeName("d"), nginx: .unix(path: "/run/d.sock")),
        ])
    ])

  init(seed: UInt64 = 1) throws {
    scratch = try Scratch()
    path = scratch.file("test.db")
    maker = FrameMaker(seed: seed)
    options.isDurable = false
    options.chunkFrames = 16
    snapshot = ClusterModel(layout: Store.layout).snapshot
  }

  @discardableResult func open() throws -> Recorder {
    let recorder = try Recorder(path: path, cluster: "test", options: options, now: maker.moment.wall) { _ in
      Store.layout
    }
    recorder.begin(layout: "cluster: test", description: "a test")
    self.recorder = recorder
    return recorder
  }

  func close() { recorder = nil }

  func record(_ count: Int, events: [Event] = [], health: HealthState = .up) {
    for _ in 0..<count { record(maker.frame(), events: events, health: health) }
  }

  @discardableResult func record(
    _ frame: Frame, events: [Event] = [], health: HealthState = .up
  ) -> RecordingTrouble? {
    snapshot.at = frame.at
    snapshot.health = health
    offered.append(frame)
    let trouble = recorder?.record(frame, snapshot, events: events)
    if trouble == nil { frames.append(frame) }
    return trouble
  }

  func timeline() throws -> Timeline { try Timeline(path: path) }

  /// Every frame that the store has, as pictures.
  func pictures() throws -> [FramePicture] {
    try timeline().frames(in: 1...1_000_000).map { FramePicture($0.frame) }
  }
}

extension WallTime {
  static func + (time: WallTime, seconds: Double) -> WallTime {
    WallTime(nanoseconds: time.nanoseconds + Int64(seconds * 1e9))
  }
}

let always = WallTime(nanoseconds: .min)...WallTime(nanoseconds: .max)
