public import Cluster

/// A one-shot timer of an event loop, which can be set again and again without allocating.
///
/// Whoever made it keeps it: a timer that nobody holds any more does not fire.
public final class LoopTimer {
  let handler: (Moment) -> Void
  /// Its place in the loop's heap, or -1.
  var place = -1
  private unowned let loop: EventLoop

  init(loop: EventLoop, handler: @escaping (Moment) -> Void) {
    self.loop = loop
    self.handler = handler
  }

  /// Whether it is set and has not fired yet.
  public var isArmed: Bool { place >= 0 }

  /// Sets it; one that was set already is moved.
  public func arm(at deadline: Uptime) { loop.arm(self, at: deadline) }

  /// Sets it to fire after `delay` from now.
  public func arm(after delay: Duration) { loop.arm(self, at: loop.now.uptime + delay) }

  /// Takes it back; it can be set again.
  public func disarm() {
    if isArmed { loop.disarm(self) }
  }

  deinit {
    // The heap holds no reference, so that letting go of a timer is enough to be rid of it.
    if isArmed { loop.disarm(self) }
  }
}

/// The armed timers of a loop, by deadline, then in the order in which they were armed.
///
/// A binary heap; each timer knows its place in it, so moving or removing one is O(log n).
struct TimerHeap {
  private struct Entry {
    var deadline: Uptime
    var order: UInt64
    unowned let timer: LoopTimer

    func precedes(_ other: Entry) -> Bool {
      deadline == other.deadline ? order < other.order : deadline < other.deadline
    }
  }

  private var entries: [Entry] = []
  private var orders: UInt64 = 0

  var nextDeadline: Uptime? { entries.first?.deadline }

  mutating func set(_ timer: LoopTimer, deadline: Uptime) {
    remove(timer)
    timer.place = entries.count
    entries.append(Entry(deadline: deadline, order: orders, timer: timer))
    orders &+= 1
    rise(from: timer.place)
  }

  mutating func remove(_ timer: LoopTimer) {
    let place = timer.place
    guard place >= 0 else { return }
    timer.place = -1
    let last = entries.removeLast()
    if place == entries.count { return }
    put(last, at: place)
    rise(from: place)
    sink(from: last.timer.place)
  }

  /// Forgets all timers; for the end of the loop.
  mutating func abandonAll() {
    for entry in entries { entry.timer.place = -1 }
    entries.removeAll()
  }

  /// What `takeDue` needs to leave alone what is armed from here on.
  func beginRound() -> UInt64 { orders }

  /// Removes and returns the next timer that is due and was armed before the round began.
  mutating func takeDue(at now: Uptime, before round: UInt64) -> LoopTimer? {
    guard let first = entries.first, first.deadline <= now, first.order < round else { return nil }
    let timer = first.timer
    remove(timer)
    return timer
  }

  private mutating func put(_ entry: Entry, at place: Int) {
    entries[place] = entry
    entry.timer.place = place
  }

  private mutating func rise(from start: Int) {
    let entry = entries[start]
    var place = start
    while place > 0 {
      let parent = (place - 1) / 2
      guard entry.precedes(entries[parent]) else { break }
      put(entries[parent], at: place)
      place = parent
    }
    put(entry, at: place)
  }

  private mutating func sink(from start: Int) {
    let entry = entries[start]
    var place = start
    while true {
      var child = 2 * place + 1
      if child >= entries.count { break }
      if child + 1 < entries.count, entries[child + 1].precedes(entries[child]) { child += 1 }
      guard entries[child].precedes(entry) else { break }
      put(entries[child], at: place)
      place = child
    }
    put(entry, at: place)
  }
}
