import Cluster

/// `tiertop drain|ready|maint|weight TARGET … [LAYOUT]`.
struct ChangeCommand {
  private let options: ChangeOptions
  private let layout: Layout

  init(_ invocation: Invocation) throws {
    options = try ChangeOptions(invocation)
    let operands = invocation.command == .weight ? 2 : 1
    layout = try LayoutChoice.layout(for: invocation.droppingOperands(operands))
  }

  func run() throws -> ExitStatus { try ChangeSession(options, layout).run() }
}
