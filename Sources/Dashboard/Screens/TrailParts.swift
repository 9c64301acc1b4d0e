import Cluster

/// A trail cut into as many parts as there is room for, the newest to the right: the mean of each, NaN where it is a
/// gap. Nothing is kept: a part is worked out when it is asked for.
struct TrailParts: RandomAccessCollection {
  let trail: Trail
  let count: Int
  let slotsPerPart: Int
  /// How many slots the newest part has so far.
  private let newest: Int

  /// - Parameter tick: numbers the newest slot, so that a slot stays in its part while time goes on and nothing
  ///   flickers.
  init(_ trail: Trail, count: Int, slotsPerPart: Int, tick: Int) {
    self.trail = trail
    self.count = Swift.max(0, count)
    self.slotsPerPart = slotsPerPart
    newest = tick % slotsPerPart + 1
  }

  var startIndex: Int { 0 }
  var endIndex: Int { count }

  subscript(part: Int) -> Float {
    let end = self.end(of: part)
    var (sum, known): (Float, Int) = (0, 0)
    for slot in Swift.max(0, end - (part == count - 1 ? newest : slotsPerPart))..<Swift.max(0, end) {
      let value = trail[slot]
      guard value.isFinite else { continue }
      sum += value
      known += 1
    }
    return known > 0 ? sum / Float(known) : .nan
  }

  /// The slots that are in any of the parts.
  var slots: Range<Int> { count == 0 ? 0..<0 : Swift.max(0, end(of: 0) - slotsPerPart)..<trail.count }

  /// The slot behind the last of a part.
  private func end(of part: Int) -> Int {
    let later = count - 1 - part
    return later == 0 ? trail.count : trail.count - newest - (later - 1) * slotsPerPart
  }

  /// The least, the mean and the most of all slots in it; nil where nothing is known.
  var extremes: (least: Float, mean: Float, most: Float)? {
    var (sum, known): (Float, Int) = (0, 0)
    var (least, most): (Float, Float) = (.infinity, -.infinity)
    for slot in slots {
      let value = trail[slot]
      guard value.isFinite else { continue }
      sum += value
      known += 1
      least = Swift.min(least, value)
      most = Swift.max(most, value)
    }
    return known > 0 ? (least, sum / Float(known), most) : nil
  }
}
