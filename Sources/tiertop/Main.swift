import CSystem
import Cluster
import Dashboard
import Glibc
import Lab
import LayoutFile
import Platform
import Terminal

/// The command line: reads what is asked for, and hands it to the command.
@main struct Main {
  static func main() {
    tt_return_large_blocks()
    let words = Array(CommandLine.arguments.dropFirst())
    if let status = LabSupervisor.runInside(words) { exit(status) }
    let status = run(words: words)
    exit(status.rawValue)
  }

  private static func run(words: [String]) -> ExitStatus {
    do {
      return try carryOut(try Invocation(words: words))
    } catch let error as UsageError {
      Output.complain(error.words)
      return .usage
    } catch let error as LayoutChoice.Failure {
      Output.complain(error.words)
      return .usage
    } catch let error as ChangeFault {
      Output.complain(error.words)
      return .usage
    } catch let error as TerminalFailure {
      Output.complain(error.words)
      return .usage
    } catch let error as PastFailure {
      Output.complain(error.words)
      return .unreachable
    } catch let error as SystemError {
      Output.complain(error.words)
      return .unreachable
    } catch {
      Output.complain("\(error)")
      return .unreachable
    }
  }

  private static func carryOut(_ invocation: Invocation) throws -> ExitStatus {
    if invocation.has(.help) {
      Output.print(invocation.helpTopics.map(Help.text).joined(separator: "\n"))
      return .good
    }
    if invocation.has(.version) {
      Output.print("tiertop \(version)\n")
      return .good
    }
    switch invocation.command {
    case .dashboard:
      return try LiveCommand(invocation, layout: try LayoutChoice.layout(for: invocation)).run()
    case .once:
      return try OnceCommand(invocation, layout: try LayoutChoice.layout(for: invocation)).run()
    case .agent: return try AgentCommand(invocation).run()
    case .history: return try HistoryCommand(invocation).run()
    case .events: return try EventsCommand(invocation).run()
    case .incidents: return try IncidentsCommand(invocation).run()
    case .export: return try ExportCommand(invocation).run()
    case .replay: return try ReplayCommand(invocation).run()
    case .drain, .ready, .maint, .weight: return try ChangeCommand(invocation).run()
    case .roll: return try RollCommand(invocation).run()
    case .layoutCheck: return try LayoutCheckCommand(invocation).run()
    case .layoutInit: return try LayoutInitCommand(invocation).run()
    case .layoutDiagram: return try LayoutDiagramCommand(invocation).run()
    case .labConfig: return try LabConfigCommand(invocation).run()
    case .labUp: return try LabUpCommand(invocation).run()
    case .labDown, .labStatus, .labFault, .labHeal: return try LabTellCommand(invocation).run()
    }
  }
}
