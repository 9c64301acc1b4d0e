import Agent
import Platform
import TestSupport

@testable import Cluster
@testable import Control

/// Somebody with an agent and a control of their own.
final class Operator {
  let agent: Agent
  let control: Control
  private let loop: EventLoop
  private let names: [NodeName]

  /// An agent whose first polls are over, and whose next ones lie far in the future.
  init(of endpoints: [(NodeName, Endpoint)], loop: EventLoop, deadline: Duration = .seconds(20)) throws {
    self.loop = loop
    names = endpoints.map(\.0)
    let sources = endpoints.map { Source(node: $0.0, system: .haproxy, endpoint: $0.1) }
    var options = AgentOptions()
    options.warmUp = false
    agent = Agent(plan: PollPlan(interval: .seconds(3600), sources: sources), loop: loop, options: options)
    control = Control(agent: agent, loop: loop, deadline: deadline)
    var read = 0
    agent.onReading = { _ in read += 1 }
    agent.start()
    try loop.run(until: { read == endpoints.count })
    agent.onReading = nil
  }

  convenience init(
    of balancers: [Balancer], socket: (Balancer) -> String = { $0.path }, loop: EventLoop,
    deadline: Duration = .seconds(20)
  ) throws {
    try self.init(of: balancers.map { ($0.name, .unix(path: socket($0))) }, loop: loop, deadline: deadline)
  }

  deinit { stop() }

  func stop() {
    control.stop()
    agent.stop()
  }

  /// The same action on servers of all its load balancers.
  func change(_ action: ServerAction, _ servers: [ServerID]) -> Change {
    Change(
      steps: servers.flatMap { server in names.indices.map { step(action, server, at: $0) } }, purpose: .wish)
  }

  func step(
    _ action: ServerAction, _ server: ServerID, at place: Int, kind: Change.Step.Kind = .send
  ) -> Change.Step {
    Change.Step(
      row: ServerRow(balancer: names[place], server: server), balancer: SourceID(place), action: action,
      before: Standing(admin: .ready, weight: 1), kind: kind)
  }

  /// The first result of each load balancer.
  func results(of change: Change) throws -> [SourceID: BalancerResult] {
    var results: [SourceID: BalancerResult] = [:]
    try control.apply(change) { result in
      if results[result.balancer] == nil { results[result.balancer] = result }
    }
    guard results.isEmpty else { throw TestFailure("reported before apply returned") }
    try loop.run(until: { results.count == change.balancers.count })
    return results
  }

  /// The first outcomes of all steps.
  func outcomes(of change: Change) throws -> [Int: StepOutcome] {
    try results(of: change).values.reduce(into: [:]) { $0.merge($1.outcomes) { $1 } }
  }
}

extension ServerID {
  /// `web/web1`.
  init(_ path: String) {
    let names = path.split(separator: "/")
    self.init(backend: String(names[0]), server: String(names[1]))
  }
}
