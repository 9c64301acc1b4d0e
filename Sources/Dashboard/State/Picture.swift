import Cluster

/// The cluster at one moment, and what led to it: all that the screens show of it.
struct Picture: Sendable {
  var model: ClusterModel
  /// The newest time that was handed in; nil before the first.
  private(set) var now: Moment?
  /// When the newest frame began; nil before the first.
  private(set) var newestFrame: Moment?
  private var firstFrame: Moment?
  /// Oldest first, at most `eventLimit`.
  private(set) var events: [Event] = []

  static let eventLimit = 5_000

  init(model: ClusterModel) { self.model = model }

  /// The cluster as it was.
  init(_ past: PastPicture) { self.init(model: past.model, at: past.at, events: past.events) }

  /// The cluster at its newest frame, and what had happened until then, oldest first.
  init(model: ClusterModel, at moment: Moment, events: [Event]) {
    self.model = model
    now = moment
    newestFrame = moment
    note(events)
  }

  /// Takes in one frame, and returns what changed with it; that is not noted yet.
  mutating func advance(with frame: Frame) -> [Event] {
    newestFrame = frame.at
    if firstFrame == nil { firstFrame = frame.at }
    if now.map({ $0.uptime < frame.at.uptime }) ?? true { now = frame.at }
    return model.advance(with: frame)
  }

  /// Takes over the trails of the minutes before the first frame.
  mutating func precede(with older: ClusterModel) {
    if let firstFrame { model.precede(with: older, began: firstFrame) }
  }

  mutating func age(to moment: Moment) {
    now = moment
    model.age(to: moment)
  }

  mutating func note(_ news: [Event]) {
    events.append(contentsOf: news)
    if events.count > Self.eventLimit { events.removeFirst(events.count - Self.eventLimit) }
  }
}
