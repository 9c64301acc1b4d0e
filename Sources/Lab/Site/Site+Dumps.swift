import Cluster
import Platform

/// What keepalived says of itself in full: the file `keepalived.json` beside it, made anew after each change.
extension Site {
  /// Changes come in bursts, and are told a little before they are so: one dump is enough, of what is then.
  private static let settling = Duration.milliseconds(250)

  func willDump(_ node: SitePlan.Node) {
    // Changes that go on and on do not put it off.
    guard dumps[node.name] == nil else { return }
    let timer = loop.timer { [weak self] _ in self?.dump(node) }
    dumps[node.name] = timer
    timer.arm(after: Self.settling)
  }

  /// Asks by keepalived's own signal for it. One that was built without JSON writes nothing, and its notices are
  /// all that there is.
  private func dump(_ node: SitePlan.Node) {
    // Not at once: this is called by the timer that would be let go of.
    loop.later { [weak self] in self?.dumps[node.name] = nil }
    guard let program = plan.programs(of: node).first(where: { $0.part == .keepalived }),
      let pid = programs.pid(of: program.name)
    else { return }
    perform(["sh", "-c", "kill -$(keepalived --signum=JSON) \(pid)"], in: node.name) { _, _ in }
  }
}
