public import Cluster

/// Where in the past somebody wants to look.
public enum PastRequest: Hashable, Sendable {
  /// The newest that was recorded at that time or before.
  case at(WallTime)
  /// So many ticks later than what is shown; earlier where it is negative.
  case step(Int, from: PastPlace)
  /// The beginning of the next incident after a time, or of the one before.
  case incident(after: WallTime)
  case incidentBefore(WallTime)
}

/// A tick of the record. Times can be set back, so that a time alone does not name one.
public struct PastPlace: Hashable, Sendable {
  public var sequence: Int64
  public var at: WallTime

  public init(sequence: Int64, at: WallTime) {
    self.sequence = sequence
    self.at = at
  }
}

/// The cluster as it was: what a request found.
public struct PastPicture: Sendable {
  public var place: PastPlace
  /// Folded from the frames up to that tick.
  public var model: ClusterModel
  /// When that tick's frame was complete.
  public var at: Moment
  /// What had happened until then, oldest first.
  public var events: [Event]
  /// Why nothing was recorded at the time that was asked for; nil where something was.
  public var gap: String?

  public init(place: PastPlace, model: ClusterModel, at: Moment, events: [Event], gap: String?) {
    self.place = place
    self.model = model
    self.at = at
    self.events = events
    self.gap = gap
  }
}

/// The past that is shown.
struct Past: Hashable, Sendable {
  var place: PastPlace
  var gap: String?
}
