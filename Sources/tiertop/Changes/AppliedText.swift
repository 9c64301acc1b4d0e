import Cluster
import Dashboard

/// What each load balancer has made of a change: a line each, and one for each server where they differ.
struct AppliedText {
  let applied: AppliedChange
  let plan: PollPlan

  var text: String { lines.map { $0.joined(separator: "  ") + "\n" }.joined() }

  private var lines: [[String]] {
    var lines: [[String]] = []
    for balancer in applied.change.balancers {
      let name = plan[balancer].node.text
      let steps = applied.steps(of: balancer)
      if let first = steps.first, steps.allSatisfy({ $0.outcome == first.outcome }) {
        lines.append([name, words(first.outcome, on: balancer)])
      } else {
        lines += steps.map { step, outcome in
          [name, "\(step.row.server)", words(outcome, on: balancer)]
        }
      }
    }
    for withheld in applied.change.withheld {
      lines.append([
        withheld.row.balancer.text, "\(printable(withheld.row.server.description))",
        "not sent: \(withheld.obstacle.words)",
      ])
    }
    return lines
  }

  private func words(_ outcome: StepOutcome, on balancer: SourceID) -> String {
    guard outcome == .done, let took = applied.took[balancer] else { return outcome.words }
    return "\(outcome.words) in \(Figures.latency(took.seconds * 1000))"
  }
}
