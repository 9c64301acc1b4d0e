import CSystem
import Cluster
import Glibc
import Platform
import Testing

struct EventLoopTests {
  private let clock = ManualClock()

  @Test func timersFireInTheOrderOfTheirDeadlines() throws {
    let loop = try EventLoop(clock: clock)
    var fired: [Int] = []
    let timers = (0..<100).map { number in loop.timer { _ in fired.append(number) } }
    // 37 is coprime to 100, so this is a permutation that is neither sorted nor reversed.
    for (number, timer) in timers.enumerated() { timer.arm(after: .milliseconds(number * 37 % 100 + 1)) }
    for _ in 0..<100 {
      clock.advance(by: .milliseconds(1))
      try loop.runOnce(atMost: .zero)
    }
    #expect(fired == (0..<100).sorted { $0 * 37 % 100 < $1 * 37 % 100 })
  }

  @Test func timersOfTheSameDeadlineFireInTheOrderOfArming() throws {
    let loop = try EventLoop(clock: clock)
    var fired: [Int] = []
    let timers = (0..<20).map { number in loop.timer { _ in fired.append(number) } }
    for timer in timers.reversed() { timer.arm(after: .seconds(1)) }
    clock.advance(by: .seconds(1))
    try loop.runOnce(atMost: .zero)
    #expect(fired == Array((0..<20).reversed()))
  }

  @Test func aTimerIsNeverEarly() throws {
    let loop = try EventLoop(clock: clock)
    var fired = false
    let timer = loop.timer { _ in fired = true }
    timer.arm(after: .seconds(1))
    clock.advance(by: .nanoseconds(999_999_999))
    try loop.runOnce(atMost: .zero)
    #expect(!fired)
    clock.advance(by: .nanoseconds(1))
    try loop.runOnce(atMost: .zero)
    #expect(fired)
  }

  @Test func aTimerThatWasTakenBackOrForgottenDoesNotFire() throws {
    let loop = try EventLoop(clock: clock)
    var fired: [String] = []
    let kept = loop.timer { _ in fired.append("kept") }
    let disarmed = loop.timer { _ in fired.append("disarmed") }
    var forgotten: LoopTimer? = loop.timer { _ in fired.append("forgotten") }
    for timer in [disarmed, forgotten, kept] { timer?.arm(after: .seconds(1)) }
    disarmed.disarm()
    #expect(forgotten?.isArmed == true)
    forgotten = nil
    clock.advance(by: .seconds(2))
    try loop.runOnce(atMost: .zero)
    #expect(fired == ["kept"])
    #expect(!kept.isArmed)
  }

  @Test func armingAgainMovesATimer() throws {
    let loop = try EventLoop(clock: clock)
    var count = 0
    let timer = loop.timer { _ in count += 1 }
    timer.arm(after: .seconds(1))
    timer.arm(after: .seconds(3))
    clock.advance(by: .seconds(2))
    try loop.runOnce(atMost: .zero)
    #expect(count == 0)
    clock.advance(by: .seconds(1))
    try loop.runOnce(atMost: .zero)
    #expect(count == 1)
  }

  @Test func aTimerThatArmsItselfForAtOnceDoesNotHoldTheLoop() throws {
    let loop = try EventLoop(clock: clock)
    var count = 0
    var timer: LoopTimer?
    timer = loop.timer { _ in
      count += 1
      timer?.arm(after: .zero)
    }
    timer?.arm(after: .zero)
    try loop.runOnce(atMost: .zero)
    try loop.runOnce(atMost: .zero)
    #expect(count == 2)
    timer = nil
  }

  @Test func aTimerOutlivesItsLoopHarmlessly() throws {
    var loop: EventLoop? = try EventLoop(clock: clock)
    let timer = loop?.timer { _ in }
    timer?.arm(after: .seconds(1))
    loop = nil
    #expect(timer?.isArmed == false)
  }

  @Test func aReadableDescriptorCallsItsHandlerUntilItIsUnwatched() throws {
    let loop = try EventLoop()
    let (left, right) = try socketPair()
    var calls = 0
    let watch = try loop.watch(left.raw, for: .reading) { readiness in
      #expect(readiness.contains(.reading))
      calls += 1
    }
    #expect(try !loop.runOnce(atMost: .zero))
    _ = tt_send(right.raw, "x", 1)
    try loop.runOnce(atMost: .zero)
    try loop.runOnce(atMost: .zero)
    #expect(calls == 2)
    loop.unwatch(watch)
    loop.unwatch(watch)
    try loop.runOnce(atMost: .zero)
    #expect(calls == 2)
  }

  @Test func anEventFetchedBeforeItsDescriptorWasLetGoReachesNobody() throws {
    let loop = try EventLoop()
    let (first, firstPeer) = try socketPair()
    let (second, secondPeer) = try socketPair()
    let (third, thirdPeer) = try socketPair()
    var calls: [String] = []
    var watches: [Watch] = []
    let whoeverIsFirst: (String) -> Void = { name in
      calls.append(name)
      // Both are ready in the same round: the other's event is stale now, also for the slot's next user.
      for watch in watches { loop.unwatch(watch) }
      if let reused = try? loop.watch(third.raw, for: .reading, { _ in calls.append("third") }) {
        watches = [reused]
      }
    }
    watches.append(try loop.watch(first.raw, for: .reading) { _ in whoeverIsFirst("first") })
    watches.append(try loop.watch(second.raw, for: .reading) { _ in whoeverIsFirst("second") })
    _ = tt_send(firstPeer.raw, "x", 1)
    _ = tt_send(secondPeer.raw, "x", 1)
    try loop.runOnce(atMost: .zero)
    #expect(calls.count == 1)
    withExtendedLifetime(thirdPeer) {}
  }

  @Test func interestCanBeChanged() throws {
    let loop = try EventLoop()
    let (left, right) = try socketPair()
    var seen: Readiness = []
    let watch = try loop.watch(left.raw, for: .reading) { seen.formUnion($0) }
    #expect(try !loop.runOnce(atMost: .zero))
    try loop.change(watch, to: [.reading, .writing])
    try loop.runOnce(atMost: .zero)
    #expect(seen == .writing)
    withExtendedLifetime(right) {}
  }

  @Test func aDescriptorThatCannotBeWatchedIsAnError() throws {
    let loop = try EventLoop()
    #expect(throws: SystemError(errno: EBADF, doing: "epoll_ctl")) {
      _ = try loop.watch(-1, for: .reading) { _ in }
    }
  }

  @Test func deferredWorkIsDoneOnceAfterTheHandlers() throws {
    let loop = try EventLoop(clock: clock)
    var order: [String] = []
    let timer = loop.timer { _ in
      loop.later { order.append("later") }
      order.append("timer")
    }
    timer.arm(after: .zero)
    try loop.runOnce(atMost: .zero)
    try loop.runOnce(atMost: .zero)
    #expect(order == ["timer", "later"])
  }

  @Test func theLoopTurnsBetweenSlices() throws {
    let loop = try EventLoop(clock: clock)
    let work = SlicedWork(on: loop)
    var order: [String] = []
    var left = 3
    let slice = {
      order.append("slice")
      left -= 1
      return left > 0
    }
    work.begin(slice)
    // It is under way: nothing is done twice.
    work.begin(slice)
    for _ in 0..<4 {
      try loop.runOnce(atMost: .zero)
      order.append("round")
    }
    #expect(order == ["slice", "round", "slice", "round", "slice", "round", "round"])
  }

  @Test func workThatCanWaitIsDoneAPieceAtATimeWhenNobodyWantsAnything() throws {
    let loop = try EventLoop(clock: clock)
    var order: [String] = []
    loop.whenIdle {
      order.append("first")
      loop.whenIdle { order.append("third") }
    }
    loop.whenIdle { order.append("second") }
    let timer = loop.timer { _ in order.append("timer") }
    timer.arm(at: clock.now().uptime)
    loop.later { order.append("later") }
    for _ in 0..<4 { #expect(try loop.runOnce()) }
    #expect(order == ["timer", "later", "first", "second", "third"])
    #expect(try !loop.runOnce(atMost: .zero))
  }

  @Test func workThatCanWaitComesToItsTurnWhereThereIsAlwaysSomethingElse() throws {
    let loop = try EventLoop(clock: clock)
    var rounds = 0
    var done: [Int] = []
    for _ in 0..<2 { loop.whenIdle { done.append(rounds) } }
    while done.count < 2, rounds < 1000 {
      rounds += 1
      loop.later {}
      #expect(try loop.runOnce())
      clock.advance(by: .milliseconds(10))
    }
    #expect(done == [6, 12])
  }

  @Test func runGoesOnUntilItIsStopped() throws {
    let loop = try EventLoop()
    var rounds = 0
    var timer: LoopTimer?
    timer = loop.timer { _ in
      rounds += 1
      if rounds == 3 { loop.stop() } else { timer?.arm(after: .zero) }
    }
    timer?.arm(after: .zero)
    try loop.run()
    #expect(rounds == 3)
    timer = nil
  }

  @Test func anotherThreadWakesTheLoop() throws {
    let loop = try EventLoop()
    let waker = try loop.waker { loop.stop() }
    let thread = startThread { waker.wake() }
    try loop.run()
    pthread_join(thread, nil)
  }

  @Test func signalsArriveAsEvents() throws {
    let loop = try EventLoop()
    var signals: [Int32] = []
    let source = try SignalSource([SIGUSR1, SIGWINCH], on: loop) { signals.append($0) }
    // To this thread alone: the others of the test runner have not blocked them.
    pthread_kill(pthread_self(), SIGUSR1)
    pthread_kill(pthread_self(), SIGWINCH)
    try loop.runOnce()
    #expect(Set(signals) == [SIGUSR1, SIGWINCH])
    withExtendedLifetime(source) {}
  }

  @Test func theSystemClockGoesForwardOnBothClocks() {
    let before = SystemClock().now()
    let after = SystemClock().now()
    #expect(after.since(before) >= .zero)
    #expect(after.wall.nanoseconds > 1_700_000_000 * 1_000_000_000)
  }

  @Test func aSystemErrorHasTheSystemsWords() {
    #expect(SystemError(errno: ENOENT, doing: "open").words == "No such file or directory")
  }
}

private func socketPair() throws -> (Owned, Owned) {
  var ends: [Int32] = [-1, -1]
  try #require(tt_socket_pair(&ends) == 0)
  return (Owned(ends[0]), Owned(ends[1]))
}

func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
  final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  pthread_create(
    &thread, nil,
    { argument in
      guard let argument else { return nil }
      Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
      return nil
    }, Unmanaged.passRetained(Box(body)).toOpaque())
  return thread
}
