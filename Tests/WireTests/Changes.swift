@testable import Cluster

/// Changes as they come out of the compiler, for one load balancer or two.
enum Changes {
  static let balancer = SourceID(0)

  static func step(
    _ backend: String, _ server: String, _ action: ServerAction, at balancer: SourceID = Changes.balancer,
    kind: Change.Step.Kind = .send
  ) -> Change.Step {
    Change.Step(
      row: ServerRow(balancer: NodeName("lb1"), server: ServerID(backend: backend, server: server)),
      balancer: balancer, action: action, before: Standing(admin: .ready, weight: 1), kind: kind)
  }

  static func change(_ steps: [Change.Step]) -> Change { Change(steps: steps, purpose: .wish) }

  /// The one that `change_line.txt` and `change_denied.txt` answer.
  static let line = change([
    step("web", "web1", .set(.drain)), step("web", "web2", .weight(5)), step("static", "s1", .weight(5)),
    step("web", "none", .set(.drain)), step("web", "web1", .shutdownSessions),
    step("track", "t1", .set(.drain), kind: .follow(ServerID(backend: "web", server: "web1"))),
  ])

  /// The one that `change_prompt.txt` answers.
  static let long = change(
    (0..<50).map { many($0) } + [step("static", "s1", .weight(5))] + (50..<100).map { many($0) }
      + [step("web", "web1", .shutdownSessions)])

  private static func many(_ number: Int) -> Change.Step {
    step("many", "many-server-\(number < 10 ? "00" : "0")\(number)", .set(.drain))
  }
}
