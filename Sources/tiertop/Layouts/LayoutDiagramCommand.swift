import LayoutFile

/// `tiertop layout diagram LAYOUT`: the layout as a flowchart, on standard output.
struct LayoutDiagramCommand {
  private let path: String

  init(_ invocation: Invocation) throws(UsageError) { path = try invocation.onlyLayout() }

  func run() throws(LayoutChoice.Failure) -> ExitStatus {
    Output.print(LayoutDiagram.text(of: try LayoutChoice.read(path)))
    return .good
  }
}
