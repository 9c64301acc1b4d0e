import Agent
import Cluster
import Platform
import Wire

/// One load balancer's part of one change: from sending to knowing.
final class Errand {
  private let request: BalancerRequest
  private let agent: Agent
  private let loop: EventLoop
  private let deadline: Duration
  private let report: (BalancerResult) -> Void
  private let isOver: (Errand) -> Void

  private var exchange: Exchange?
  private var pauses = Control.pauses[...]
  private lazy var pauseTimer = loop.timer { [unowned self] _ in readBack() }
  /// Places of the steps that were unknown, and have not been seen done since.
  private var open: [Int] = []
  /// When the change began to be sent.
  private var began: Uptime
  private var isStopped = false

  /// - Parameter isOver: is called when there is nothing more to come.
  init(
    _ request: BalancerRequest, by agent: Agent, on loop: EventLoop, deadline: Duration,
    report: @escaping (BalancerResult) -> Void, isOver: @escaping (Errand) -> Void
  ) {
    self.request = request
    self.agent = agent
    self.loop = loop
    self.deadline = deadline
    self.report = report
    self.isOver = isOver
    began = loop.now.uptime
  }

  func begin() {
    exchange = agent.exchange(with: request.balancer, sending: request.bytes, deadline: deadline) {
      [weak self] end in
      self?.ended(end)
    }
    if exchange == nil {
      loop.later { [weak self] in self?.cannotBeSent() }
    }
  }

  /// Reports nothing any more.
  func stop() {
    exchange?.abandon()
    pauseTimer.disarm()
    isStopped = true
  }

  private func cannotBeSent() {
    if isStopped { return }
    isOver(self)
    tell(Errand.unsent(request, .onlyAPage))
  }

  private func ended(_ end: ExchangeEnd) {
    began = loop.now.uptime + (.zero - end.took)
    let outcomes = Errand.outcomes(of: request, end)
    let refused = outcomes.keys.filter { outcomes[$0]?.isRefusedByAWorkerThatLeaves == true }
    guard let rest = request.part(of: refused) else { return settle(outcomes) }
    // Once: where the next one says the same, it is so.
    exchange = agent.exchange(with: rest.balancer, sending: rest.bytes, deadline: deadline) {
      [weak self] end in
      self?.settle(outcomes.merging(Errand.outcomes(of: rest, end)) { $1 })
    }
    if exchange == nil { settle(outcomes) }
  }

  /// Tells what has come of it, and goes on to find out what is unknown.
  private func settle(_ outcomes: [Int: StepOutcome]) {
    open = outcomes.keys.filter { if case .unknown? = outcomes[$0] { true } else { false } }
    pauseOrEnd()
    tell(outcomes)
  }

  private static func outcomes(of request: BalancerRequest, _ end: ExchangeEnd) -> [Int: StepOutcome] {
    end.wasSent
      ? request.outcomes(in: end.reply.span, endedBy: end.failure)
      : unsent(request, end.failure ?? .truncated(received: 0))
  }

  private static func unsent(_ request: BalancerRequest, _ failure: ReadFailure) -> [Int: StepOutcome] {
    Dictionary(uniqueKeysWithValues: request.places.map { ($0, .unsent(failure)) })
  }

  private func tell(_ outcomes: [Int: StepOutcome]) {
    let now = loop.now
    report(
      BalancerResult(balancer: request.balancer, outcomes: outcomes, at: now, took: now.uptime - began))
  }

  // MARK: Finding out later

  private func pauseOrEnd() {
    guard request.readingBack(open) != nil, let pause = pauses.popFirst() else { return isOver(self) }
    pauseTimer.arm(after: pause)
  }

  private func readBack() {
    guard let question = request.readingBack(open) else { return isOver(self) }
    exchange = agent.exchange(with: question.balancer, sending: question.bytes, deadline: deadline) {
      [weak self] end in
      self?.readBack(end, question)
    }
    if exchange == nil { isOver(self) }
  }

  private func readBack(_ end: ExchangeEnd, _ question: BalancerRequest) {
    let told = question.outcomes(in: end.reply.span, endedBy: end.failure).filter {
      if case .unknown = $0.value { false } else { true }
    }
    // What HAProxy has not done yet, it may still do: it was asked to, and may have been busy.
    open.removeAll { told[$0] == .done }
    pauseOrEnd()
    if !told.isEmpty { tell(told) }
  }
}
