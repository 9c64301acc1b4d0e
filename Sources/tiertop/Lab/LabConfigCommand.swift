import Cluster
import Lab

/// `tiertop lab config LAYOUT --out DIR`: the configurations of a site, as files.
struct LabConfigCommand {
  private let path: String
  private let directory: String
  private let force: Bool

  init(_ invocation: Invocation) throws(UsageError) {
    path = try invocation.onlyLayout()
    guard let directory = invocation.value(of: .directory) else {
      throw .missingOption(.directory, command: invocation.command)
    }
    guard !directory.isEmpty else {
      throw .badValue(directory, of: .directory, expected: "the name of a directory")
    }
    self.directory = File.expanded(directory)
    force = invocation.has(.force)
  }

  func run() throws(LayoutChoice.Failure) -> ExitStatus {
    let layout = try LayoutChoice.read(path)
    do throws(LabError) {
      let files = try SiteConfigurations.write(layout, to: directory, replacing: force)
      let shown = printable(directory.hasSuffix("/") ? String(directory.dropLast()) : directory)
      Output.print(files.map { "\(shown)/\($0)\n" }.joined())
      Output.print("\nWhere each belongs, and what is left to do: \(shown)/README.md\n")
      return .good
    } catch {
      Output.complain(error.description)
      if case .cannotWrite = error { return .unreachable }
      return .usage
    }
  }
}
