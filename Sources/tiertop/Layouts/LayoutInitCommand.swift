import Agent
import CSystem
import Cluster
import Dashboard
import Glibc
import LayoutFile
import Platform

/// `tiertop layout init`: one look at what runs, and a layout of it.
struct LayoutInitCommand {
  private let layout: Layout
  private let output: String?

  init(_ invocation: Invocation) throws {
    if let word = invocation.operands.first {
      throw UsageError.tooManyOperands(word, command: invocation.command)
    }
    output = invocation.value(of: .output)
    if invocation.has(.socket) || invocation.has(.nginx) {
      layout = try LayoutChoice.discovered(invocation)
    } else if let usual = LayoutChoice.usualLayout() {
      layout = usual
    } else {
      throw LayoutChoice.Failure.nothingFound
    }
  }

  func run() throws -> ExitStatus {
    let snapshot = try look()
    for source in snapshot.sources {
      if let failure = source.failure {
        Output.complain("\(source.source.endpoint): \(failure.words)")
      }
    }
    if snapshot.sources.allSatisfy({ $0.age == nil }) { return .unreachable }
    let origin = "tiertop layout init, from " + layout.endpoints.map { "\($0)" }.joined(separator: ", ")
    let text = LayoutFile.text(of: Layout(describing: snapshot), origin: origin)
    guard let output else {
      Output.print(text)
      return .good
    }
    // What is there is never overwritten: it may have been edited for hours.
    let descriptor = tt_open(output, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      Output.complain("\(printable(output)): \(SystemError(errno: -descriptor, doing: "create").words)")
      return .usage
    }
    Output.write(Array(text.utf8), to: descriptor)
    close(descriptor)
    return .good
  }

  /// The cluster as the first poll shows it; a source that says nothing is waited for half an interval.
  private func look() throws -> Snapshot {
    let loop = try EventLoop()
    var options = AgentOptions()
    options.warmUp = false
    let agent = Agent(plan: PollPlan(for: layout), loop: loop, options: options)
    var readings: [Reading] = []
    let expected = PollPlan(for: layout).sources.count
    agent.onReading = { reading in
      readings.append(reading)
      if readings.count == expected { loop.stop() }
    }
    agent.start()
    try loop.run()
    agent.stop()
    var model = ClusterModel(layout: layout)
    _ = model.advance(with: Frame(at: loop.now, readings: readings))
    return model.snapshot
  }
}

extension Layout {
  /// Everything that is asked.
  fileprivate var endpoints: [Endpoint] { PollPlan(for: self).sources.map(\.endpoint) }
}
