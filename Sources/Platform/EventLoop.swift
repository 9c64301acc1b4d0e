import CSystem
public import Cluster
import Glibc

/// One thread that waits for descriptors, timers and deferred work, and calls their handlers one at a time.
///
/// Everything that belongs to a loop is used from its thread only, and so is not Sendable; the one thing that
/// another thread may touch is a `Waker`. In steady state neither waiting nor timers allocate.
public final class EventLoop {
  /// Where the loop takes the time from.
  public let clock: any Clock

  private let epoll: Descriptor
  private let events: UnsafeMutablePointer<tt_event>
  private static let eventCapacity = 64
  /// How long work that can wait does, while there is always something else to do.
  private static let patience = Duration.milliseconds(50)

  private var watched: [Watched] = []
  private var freeSlots: [Int] = []
  private var timers = TimerHeap()
  private var deferred: [() -> Void] = []
  /// What waits until nobody wants anything, and since when some of it could not be done.
  private var idle: [() -> Void] = []
  private var busySince: Uptime?
  private var isStopped = false

  /// A place in the table of watched descriptors. The generation tells its present user from those before,
  /// so that an event which was fetched before a descriptor was let go reaches nobody.
  private struct Watched {
    var fd: Int32
    var generation: UInt32
    var handler: ((Readiness) -> Void)?
  }

  /// - Throws: what the system says where it has no descriptor left.
  public init(clock: any Clock = SystemClock()) throws(SystemError) {
    self.clock = clock
    epoll = Descriptor(owning: try checked(tt_epoll_create(), "epoll_create"))
    events = .allocate(capacity: EventLoop.eventCapacity)
    events.initialize(repeating: tt_event(), count: EventLoop.eventCapacity)
  }

  deinit {
    timers.abandonAll()
    events.deallocate()
  }

  /// The present moment by the loop's clock.
  public var now: Moment { clock.now() }

  // MARK: Descriptors

  /// Calls `handler` whenever `fd` is ready, until the watch is given to `unwatch`; the loop keeps the
  /// handler as long. Level-triggered: what is not read is reported again.
  ///
  /// - Throws: `EPERM` for regular files, `EEXIST` for a descriptor that is watched already.
  public func watch(
    _ fd: Int32, for interest: Interest, _ handler: @escaping (Readiness) -> Void
  ) throws(SystemError) -> Watch {
    let slot: Int
    if let free = freeSlots.popLast() {
      slot = free
    } else {
      slot = watched.count
      watched.append(Watched(fd: -1, generation: 0, handler: nil))
    }
    let watch = Watch(slot: slot, generation: watched[slot].generation)
    let result = tt_epoll_add(epoll.raw, fd, interest.rawValue, watch.token)
    if result < 0 {
      freeSlots.append(slot)
      throw SystemError(errno: -result, doing: "epoll_ctl")
    }
    watched[slot].fd = fd
    watched[slot].handler = handler
    return watch
  }

  /// Waits for something else on the same descriptor.
  public func change(_ watch: Watch, to interest: Interest) throws(SystemError) {
    guard isCurrent(watch) else { return }
    _ = try checked(
      tt_epoll_change(epoll.raw, watched[watch.slot].fd, interest.rawValue, watch.token), "epoll_ctl")
  }

  /// Lets go of a descriptor; to be called before it is closed. A watch that has ended already is ignored.
  public func unwatch(_ watch: Watch) {
    guard isCurrent(watch) else { return }
    // Fails only where the descriptor was closed, and then nothing is left to remove.
    _ = tt_epoll_remove(epoll.raw, watched[watch.slot].fd)
    watched[watch.slot].fd = -1
    watched[watch.slot].handler = nil
    watched[watch.slot].generation &+= 1
    freeSlots.append(watch.slot)
  }

  private func isCurrent(_ watch: Watch) -> Bool {
    watch.slot < watched.count && watched[watch.slot].generation == watch.generation
      && watched[watch.slot].handler != nil
  }

  // MARK: Timers and deferred work

  /// A timer that is not yet set; see `LoopTimer.arm`.
  public func timer(_ handler: @escaping (Moment) -> Void) -> LoopTimer {
    LoopTimer(loop: self, handler: handler)
  }

  /// Does `work` after the handlers of this round, before the loop waits again.
  public func later(_ work: @escaping () -> Void) { deferred.append(work) }

  /// Does `work`, which takes long, in a round in which nobody wants anything: nothing was ready, and nothing due. One
  /// piece of such work in such a round, in the order in which it was asked for, so that whoever has pressed a key waits
  /// for no more than one of them. Where there is always something else to do it comes to its turn all the same.
  public func whenIdle(_ work: @escaping () -> Void) { idle.append(work) }

  func arm(_ timer: LoopTimer, at deadline: Uptime) { timers.set(timer, deadline: deadline) }

  func disarm(_ timer: LoopTimer) { timers.remove(timer) }

  // MARK: Running

  /// Goes round until `stop` is called.
  public func run() throws(SystemError) {
    isStopped = false
    while !isStopped { try runOnce() }
  }

  /// Ends `run` after the handler that is at work now.
  public func stop() { isStopped = true }

  /// One round: waits until something is ready or due, and at most as long as said (nil: without end), then
  /// calls the handlers.
  ///
  /// - Returns: whether any handler was called.
  @discardableResult
  public func runOnce(atMost limit: Duration? = nil) throws(SystemError) -> Bool {
    let ready = try checked(
      tt_epoll_wait(epoll.raw, events, Int32(EventLoop.eventCapacity), waitMilliseconds(atMost: limit)),
      "epoll_wait")
    // Taken before the handlers: what comes while they work is seen before a timer says that it never came.
    let now = clock.now()
    var called = false
    for index in 0..<Int(ready) {
      let watch = Watch(token: events[index].token)
      guard isCurrent(watch), let handler = watched[watch.slot].handler else { continue }
      handler(Readiness(rawValue: events[index].ready))
      called = true
    }
    // Only those that are due by now: a handler that arms a timer for at once does not keep the loop here.
    let round = timers.beginRound()
    while let timer = timers.takeDue(at: now.uptime, before: round) {
      timer.handler(now)
      called = true
    }
    if !deferred.isEmpty {
      let work = deferred
      deferred.removeAll(keepingCapacity: true)
      for each in work { each() }
      called = true
    }
    if doIdleWork(isBusy: called, now.uptime) { called = true }
    return called
  }

  /// A piece of the work that can wait; false where there is none, or it has to wait still.
  private func doIdleWork(isBusy: Bool, _ now: Uptime) -> Bool {
    guard !idle.isEmpty else {
      busySince = nil
      return false
    }
    let since = busySince ?? now
    if isBusy, now - since < EventLoop.patience {
      busySince = since
      return false
    }
    busySince = nil
    idle.removeFirst()()
    return true
  }

  private func waitMilliseconds(atMost limit: Duration?) -> Int32 {
    if !deferred.isEmpty || !idle.isEmpty { return 0 }
    var wait = limit?.nanoseconds
    if let deadline = timers.nextDeadline {
      let left = (deadline - clock.now().uptime).nanoseconds
      wait = min(wait ?? left, left)
    }
    guard let wait else { return -1 }
    if wait <= 0 { return 0 }
    // Rounded up: a timer is never early, and the loop does not spin through its last millisecond.
    return Int32(clamping: (wait &+ 999_999) / 1_000_000)
  }
}

/// What is waited for on a descriptor. Errors and hang-ups are always reported.
public struct Interest: OptionSet, Sendable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let reading = Interest(rawValue: 0x001)
  public static let writing = Interest(rawValue: 0x004)
}

/// What a descriptor is ready for (epoll's bits).
public struct Readiness: OptionSet, Sendable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let reading = Readiness(rawValue: 0x001)
  public static let writing = Readiness(rawValue: 0x004)
  public static let error = Readiness(rawValue: 0x008)
  public static let hangUp = Readiness(rawValue: 0x010)
}

/// A descriptor that a loop watches, as long as the loop does.
public struct Watch: Hashable, Sendable {
  let slot: Int
  let generation: UInt32

  init(slot: Int, generation: UInt32) {
    self.slot = slot
    self.generation = generation
  }

  init(token: UInt64) {
    self.init(slot: Int(UInt32(truncatingIfNeeded: token)), generation: UInt32(token >> 32))
  }

  var token: UInt64 { UInt64(generation) << 32 | UInt64(UInt32(truncatingIfNeeded: slot)) }
}
