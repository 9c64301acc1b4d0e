import Cluster

/// What has become of a change, load balancer by load balancer, and how its sessions go away.
struct ProgressLines {
  let state: State
  let ongoing: OngoingChange

  private static let mostServers = 6

  func lines(width: Int) -> [TextLine] {
    [head] + results + sessions + plans
  }

  /// The line that stays.
  var end: TextLine {
    var line = TextLine()
    if !ongoing.isKnown {
      line.add("waiting for the load balancers", Style(.label), at: 1)
    } else if ongoing.isDoneEverywhere {
      line.add("done, and read back, on all load balancers", Style(.up), at: 1)
    } else {
      line.add("t", Style(.accent, .bold), at: 1)
      line.add("tries again,", Style(.label), gap: 1)
      line.add("u", Style(.accent, .bold), gap: 1)
      line.add("puts it back where it is done,", Style(.label), gap: 1)
      line.add("Esc", Style(.accent, .bold), gap: 1)
      line.add("leaves it so", Style(.label), gap: 1)
    }
    return line
  }

  private var head: TextLine {
    var line = TextLine()
    let isDone = ongoing.isDoneEverywhere
    let role: Style.Role = !ongoing.isKnown ? .label : isDone ? ongoing.action?.state?.role ?? .up : .degraded
    line.add(ongoing.isKnown ? ongoing.mark : "SENT", Style(role, .bold), at: 1)
    line.add("by \(state.changes.actor.words)", Style(.label))
    line.add(
      "at \(Figures.timeOfDay(ongoing.began.wall, utcOffset: state.look.utcOffset))", Style(.label), gap: 1)
    if !ongoing.order.note.isEmpty { line.add(printable(ongoing.order.note)) }
    return line
  }

  private var results: [TextLine] {
    var lines: [TextLine] = []
    for balancer in ongoing.change.balancers {
      let name = state.topology.plan[balancer].node
      guard let result = ongoing.results[balancer] else {
        lines.append(line(name, "…", .label))
        continue
      }
      lines += self.lines(of: name, result)
    }
    var withheld: Set<NodeName> = []
    for part in ongoing.change.withheld where withheld.insert(part.row.balancer).inserted {
      lines.append(line(part.row.balancer, "not sent: \(part.obstacle.words)", .degraded))
    }
    return lines
  }

  private func lines(of name: NodeName, _ result: BalancerResult) -> [TextLine] {
    let failed = result.outcomes.sorted { $0.key < $1.key }.filter { $0.value != .done }
    let done = result.outcomes.count - failed.count
    var lines: [TextLine] = []
    if failed.isEmpty {
      let took = Figures.latency(result.took.seconds * 1000)
      let servers = done > 1 ? " (\(done) servers)" : ""
      return [line(name, "done\(servers), read back after \(took)", .up)]
    }
    if done > 0 { lines.append(line(name, "\(done) of \(result.outcomes.count) servers done", .degraded)) }
    // All for one reason is one line.
    if Set(failed.map(\.value)).count == 1, let first = failed.first, done == 0 {
      return [line(name, first.value.words, .degraded)]
    }
    for (place, outcome) in failed.prefix(Self.mostServers) {
      lines.append(line(name, "\(ongoing.change.steps[place].row.server): \(outcome.words)", .degraded))
    }
    if failed.count > Self.mostServers {
      lines.append(line(name, "and \(failed.count - Self.mostServers) more", .degraded))
    }
    return lines
  }

  private var sessions: [TextLine] {
    guard ongoing.drains, ongoing.isKnown else { return [] }
    var line = TextLine()
    line.add("sessions", Style(.label), at: 1)
    guard let left = ongoing.progress.left else {
      line.add("counting", Style(.label), gap: 1)
      return [line]
    }
    if left == 0 {
      line.add("none left", Style(.up), gap: 1)
      return [line]
    }
    line.add("\(left) left", gap: 1)
    if let first = ongoing.progress.first, first > left { line.add("of \(first)", Style(.label), gap: 1) }
    if let rate = ongoing.progress.perSecond, rate > 0 {
      line.add("\(Figures.decimal(rate, places: 1))/s fewer", Style(.label))
      if let remaining = ongoing.progress.remaining {
        line.add("about \(Figures.span(remaining)) to go", Style(.label))
      }
    } else if ongoing.progress.perSecond != nil {
      line.add("none goes at present", Style(.label))
    }
    return [line]
  }

  private var plans: [TextLine] {
    var lines: [TextLine] = []
    if ongoing.goesToMaint {
      lines.append(plain("then maint, once no session is left; m takes that back", .maint))
    }
    if let end = ongoing.shutdownAt, let now = state.now {
      let time = Figures.span(max(.zero, end.since(now)))
      lines.append(plain("what is left is shut down in \(time); x takes that back", .down))
    }
    return lines
  }

  private func line(_ balancer: NodeName, _ text: String, _ role: Style.Role) -> TextLine {
    var line = TextLine()
    line.add(balancer.text.shortened(12, ellipsis: state.glyphs.ellipsis), at: 1)
    line.add(text, Style(role), at: max(8, balancer.text.columns + 3))
    return line
  }

  private func plain(_ text: String, _ role: Style.Role) -> TextLine {
    var line = TextLine()
    line.add(text, Style(role), at: 1)
    return line
  }
}
