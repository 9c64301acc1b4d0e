/// The last minutes of some figures of many things, in one flat ring.
struct Trails: Sendable {
  /// How many things there are.
  let count: Int
  /// Slots to each trail.
  let capacity: Int
  /// Ticks to a slot: large clusters keep the same minutes with fewer slots.
  let ticksPerSlot: Int
  private var slots: [Float]
  private var sums: [Float]
  private var known: [Int32]
  /// The slot that is written next, the same for all.
  private var next = 0
  private var ticks = 0

  init(count: Int) {
    self.count = count
    // Ten minutes at one tick a second, and at most some ten megabytes.
    (capacity, ticksPerSlot) = count <= 250 ? (600, 1) : count <= 2_500 ? (120, 5) : (60, 10)
    slots = [Float](repeating: .nan, count: count * Metric.allCases.count * capacity)
    sums = [Float](repeating: 0, count: count * Metric.allCases.count)
    known = [Int32](repeating: 0, count: count * Metric.allCases.count)
  }

  /// Notes a figure of this tick; nil leaves a gap.
  mutating func note(_ value: Double?, of place: Int, _ metric: Metric) {
    guard let value else { return }
    let index = place * Metric.allCases.count + metric.rawValue
    sums[index] += Float(value)
    known[index] += 1
  }

  /// Ends the tick.
  mutating func endTick() {
    ticks += 1
    guard ticks == ticksPerSlot else { return }
    ticks = 0
    for index in sums.indices {
      slots[index * capacity + next] = known[index] == 0 ? .nan : sums[index] / Float(known[index])
      sums[index] = 0
      known[index] = 0
    }
    next = next + 1 == capacity ? 0 : next + 1
  }

  /// Oldest first. O(capacity).
  func trail(of place: Int, _ metric: Metric, interval: Duration) -> Trail {
    let start = (place * Metric.allCases.count + metric.rawValue) * capacity
    return Trail(
      slots: Array(slots[start + next..<start + capacity] + slots[start..<start + next]),
      slotWidth: interval * ticksPerSlot)
  }

  /// The same trails for another list of things: `before` gives each its old place, or nil where it is new.
  func moved(to count: Int, from before: (Int) -> Int?) -> Trails {
    var result = Trails(count: count)
    guard result.capacity == capacity else { return result }
    result.next = next
    result.ticks = ticks
    let metrics = Metric.allCases.count
    for place in 0..<count {
      guard let old = before(place) else { continue }
      for metric in 0..<metrics {
        let (from, to) = (old * metrics + metric, place * metrics + metric)
        result.sums[to] = sums[from]
        result.known[to] = known[from]
        result.slots.replaceSubrange(
          to * capacity..<(to + 1) * capacity, with: slots[from * capacity..<(from + 1) * capacity])
      }
    }
    return result
  }
}
