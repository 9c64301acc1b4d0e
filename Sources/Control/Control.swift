public import Agent
public import Cluster
public import Platform
public import Wire

/// Sends changes to the load balancers, and says what came of them.
///
/// Each load balancer is told its part of a change on one connection of its own, all of them at the same
/// time; what it has made of it is read back on the same connection. A program that may change nothing has
/// none of these.
public final class Control {
  private let agent: Agent
  private let loop: EventLoop
  private let deadline: Duration
  /// What is being sent, read back or waited for.
  private var errands: [ObjectIdentifier: Errand] = [:]

  /// The pauses before each try to read back what an exchange left unknown.
  public static let pauses: [Duration] = [.milliseconds(500), .seconds(1), .seconds(2)]

  /// - Parameters:
  ///   - agent: has the plan that changes' load balancers are sources of, and the ways to them.
  ///   - deadline: within which each load balancer has to be told and to have answered, connecting included.
  public init(agent: Agent, loop: EventLoop, deadline: Duration = .seconds(2)) {
    self.agent = agent
    self.loop = loop
    self.deadline = deadline
  }

  /// Sends a change, and calls `report` for each of its load balancers when it is known what that one has
  /// made of its steps; never before this returns.
  ///
  /// Where that stays unknown because the connection ended too soon, it says so at once, and then reads back
  /// a few times. Each time that tells something is another report, about the steps that were unknown and
  /// no others. What is unknown for good is not reported again.
  ///
  /// What a worker of HAProxy's refuses because it is leaving, after a reload, is sent once more, to the one that has
  /// taken over.
  ///
  /// Several changes may be under way; those to the same load balancer are sent one after the other.
  ///
  /// Throws `Invalid` where a name or weight cannot be sent. Nothing has been sent to anybody then.
  public func apply(
    _ change: Change, _ report: @escaping (BalancerResult) -> Void
  ) throws(RuntimeCommand.Invalid) {
    for request in try BalancerRequest.all(of: change) {
      let errand = Errand(request, by: agent, on: loop, deadline: deadline, report: report) {
        [weak self] errand in
        self?.errands[ObjectIdentifier(errand)] = nil
      }
      errands[ObjectIdentifier(errand)] = errand
      errand.begin()
    }
  }

  /// Reports nothing any more. What waits for its turn is not sent; what has been begun is finished.
  public func stop() {
    for errand in errands.values { errand.stop() }
    errands = [:]
  }
}
