import Cluster

/// What there is of a minute that is over.
struct EndedMinute {
  var minute: Int64
  var values: [(series: Series, rollUps: RollUps)]
  var state: StateSum
  /// The last frame in it.
  var sequence: FrameNumber
}
