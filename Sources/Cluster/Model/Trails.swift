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
  /// How many slots have been written, at most `capacity`.
  private var written = 0

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
    written = min(capacity, written + 1)
  }

  /// Puts older trails before these, with so many empty slots between: `before` gives each thing its place in the
  /// older ones, or nil where it was not known.
  mutating func precede(with older: Trails, gap: Int, from before: (Int) -> Int?) {
    guard older.capacity == capacity, older.ticksPerSlot == ticksPerSlot else { return }
    // From the right: what is here, then the gap, then as much of the older as there is room for.
    let room = capacity - written - max(0, gap)
    guard room > 0 else { return }
    let metrics = Metric.allCases.count
    for place in 0..<count {
      guard let old = before(place) else { continue }
      for metric in 0..<metrics {
        let (from, to) = ((old * metrics + metric) * capacity, (place * metrics + metric) * capacity)
        for back in 1...room {
          slots[to + (next - written - max(0, gap) - back + 2 * capacity) % capacity] =
            older.slots[from + (older.next - back + capacity) % capacity]
        }
      }
    }
    written = capacity
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
    result.written = written
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
