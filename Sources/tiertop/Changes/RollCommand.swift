import Cluster

/// `tiertop roll TIER --run COMMAND [LAYOUT]`.
struct RollCommand {
  private let options: RollOptions
  private let layout: Layout

  init(_ invocation: Invocation) throws {
    options = try RollOptions(invocation)
    layout = try LayoutChoice.layout(for: invocation.droppingOperands(1))
  }

  func run() throws -> ExitStatus { try RollSession(options, layout).run() }
}
