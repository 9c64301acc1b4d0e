import Agent
import Cluster
import Glibc
import Platform
import Wire

/// `tiertop once`: two polls an interval apart, the state of the cluster on standard output, and out.
struct OnceCommand {
  let layout: Layout
  let isJSON: Bool
  /// How many documents are written.
  let count: Int

  init(_ invocation: Invocation, layout: Layout) throws(UsageError) {
    self.layout = layout
    isJSON = invocation.has(.json)
    guard let text = invocation.value(of: .count) else {
      count = 1
      return
    }
    guard let count = Int(text), count > 0 else {
      throw .badValue(text, of: .count, expected: "a number of intervals, 1 or more")
    }
    self.count = count
  }

  func run() throws(SystemError) -> ExitStatus {
    let loop = try EventLoop()
    var options = AgentOptions()
    options.warmUp = false
    options.waitsForAll = true
    let agent = Agent(plan: PollPlan(for: layout), loop: loop, options: options)
    var model = ClusterModel(layout: layout)
    var older: Moment?
    var written = 0
    var started: Moment?
    agent.onFrame = { frame in
      _ = model.advance(with: frame)
      // The first frame is what the second is compared with.
      if let older {
        write(model.snapshot, since: older)
        written += 1
        if written == count { loop.stop() }
      }
      let start = started ?? frame.at
      started = start
      if older != nil || hasBegun(model.snapshot, after: frame.at.since(start)) { older = frame.at }
    }
    agent.start()
    try loop.run()
    agent.stop()
    return status(of: model.snapshot)
  }

  /// Whether there is something to compare with: what is reached through ssh is given time to connect.
  private func hasBegun(_ snapshot: Snapshot, after time: Duration) -> Bool {
    time >= OnceCommand.patience || snapshot.sources.allSatisfy { $0.source.via == nil || $0.age != nil }
  }

  private static let patience = Duration.seconds(5)

  private func write(_ snapshot: Snapshot, since older: Moment) {
    if isJSON {
      var json = JSONWriter()
      OnceDocument(snapshot: snapshot, interval: snapshot.at.since(older)).write(to: &json)
      Output.write(json.bytes, to: STDOUT_FILENO)
    } else {
      Output.print(OnceTable(snapshot: snapshot).text)
    }
  }

  private func status(of snapshot: Snapshot) -> ExitStatus {
    if snapshot.sources.allSatisfy({ $0.age == nil }) { return .unreachable }
    return snapshot.health == .up ? .good : .bad
  }
}
