/// The last minutes of some figures of many things, in a ring of slots.
///
/// A slot has the figures of all things side by side: it is written in one go, and made when there is something
/// for it.
struct Trails: Sendable {
  /// How many things there are.
  let count: Int
  /// Slots to each trail.
  let capacity: Int
  /// Ticks to a slot: large clusters keep the same minutes with fewer slots.
  let ticksPerSlot: Int
  /// Thing by thing and metric by metric; empty where nobody has seen anything.
  private var slots: [[Float]]
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
    slots = [[Float]](repeating: [], count: capacity)
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
    // Taken out while it is written, so that nothing is copied.
    var slot: [Float] = []
    swap(&slot, &slots[next])
    if slot.isEmpty { slot = [Float](repeating: .nan, count: sums.count) }
    for index in sums.indices {
      slot[index] = known[index] == 0 ? .nan : sums[index] / Float(known[index])
      sums[index] = 0
      known[index] = 0
    }
    swap(&slot, &slots[next])
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
    let places = Trails.places(count, before)
    for back in 1...room {
      slots[(next - written - max(0, gap) - back + 2 * capacity) % capacity] =
        older.slot((older.next - back + capacity) % capacity, movedBy: places)
    }
    written = capacity
  }

  /// Oldest first. O(1).
  func trail(of place: Int, _ metric: Metric, interval: Duration) -> Trail {
    Trail(
      in: slots, from: next, place: place * Metric.allCases.count + metric.rawValue,
      slotWidth: interval * ticksPerSlot)
  }

  /// The same trails for another list of things: `before` gives each its old place, or nil where it is new.
  func moved(to count: Int, from before: (Int) -> Int?) -> Trails {
    var result = Trails(count: count)
    guard result.capacity == capacity else { return result }
    result.next = next
    result.ticks = ticks
    result.written = written
    let places = Trails.places(count, before)
    let metrics = Metric.allCases.count
    for (place, old) in places.enumerated() where old >= 0 {
      for metric in 0..<metrics {
        result.sums[place * metrics + metric] = sums[old * metrics + metric]
        result.known[place * metrics + metric] = known[old * metrics + metric]
      }
    }
    for index in slots.indices { result.slots[index] = slot(index, movedBy: places) }
    return result
  }

  /// Old places by new ones; -1 where a thing is new.
  private static func places(_ count: Int, _ before: (Int) -> Int?) -> [Int] {
    (0..<count).map { before($0) ?? -1 }
  }

  /// A slot for another list of things.
  private func slot(_ index: Int, movedBy places: [Int]) -> [Float] {
    let old = slots[index]
    if old.isEmpty || (places.count == count && places.indices.allSatisfy { places[$0] == $0 }) { return old }
    let metrics = Metric.allCases.count
    var slot = [Float](repeating: .nan, count: places.count * metrics)
    for (place, before) in places.enumerated() where before >= 0 {
      for metric in 0..<metrics { slot[place * metrics + metric] = old[before * metrics + metric] }
    }
    return slot
  }
}
