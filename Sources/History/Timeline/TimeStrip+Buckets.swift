public import Cluster

extension TimeStrip {
  /// What was recorded of a span, piece by piece.
  ///
  /// A piece that is shorter than a tick may have none, and is no gap for that: it is as the one before it, for
  /// three intervals at most.
  public init(span: TimeSpan, buckets: [StripBucket], interval: Duration) {
    var parts = buckets.map { Part(worst: $0.worst, hasChange: $0.hasDrain, isGap: $0.hasGap) }
    let width = max(1, span.length.nanoseconds / Int64(max(1, parts.count)))
    let patience = Int(interval.nanoseconds * 3 / width)
    var lastKnown: Int?
    for place in parts.indices {
      if parts[place].worst != nil || parts[place].isGap {
        lastKnown = parts[place].isGap ? nil : place
      } else if let known = lastKnown, place - known <= patience {
        parts[place] = parts[known]
      }
    }
    // A tick stands for the interval before it too, where the span begins between two.
    if let first = parts.firstIndex(where: { $0.worst != nil || $0.isGap }), !parts[first].isGap,
      first <= Int(interval.nanoseconds / width)
    {
      for place in 0..<first { parts[place] = parts[first] }
    }
    self.init(span: span, parts: parts)
  }
}
