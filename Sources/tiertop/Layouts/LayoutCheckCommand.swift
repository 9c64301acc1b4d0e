import LayoutFile

/// `tiertop layout check FILE …`: every mistake of each file.
struct LayoutCheckCommand {
  let paths: [String]

  init(_ invocation: Invocation) throws(UsageError) {
    if invocation.operands.isEmpty { throw .missingOperand(invocation.command) }
    paths = invocation.operands
  }

  func run() -> ExitStatus {
    var status = ExitStatus.good
    for path in paths {
      let report = LayoutCheck.report(path: path)
      Output.print(report.lines.map { $0 + "\n" }.joined())
      if !report.isGood { status = .usage }
    }
    return status
  }
}
