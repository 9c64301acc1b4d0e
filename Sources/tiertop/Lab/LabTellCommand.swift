import Lab

/// `tiertop lab down|status|fault|heal`: what a running lab is told.
struct LabTellCommand {
  private let command: Command
  private let operands: [String]

  init(_ invocation: Invocation) throws(UsageError) {
    command = invocation.command
    operands = invocation.operands
    let (least, most) =
      switch command {
      case .labFault: (2, 4)
      case .labHeal: (1, 2)
      default: (0, 1)
      }
    if operands.count < least { throw .missingOperand(command) }
    if operands.count > most { throw .tooManyOperands(operands[most], command: command) }
  }

  func run() -> ExitStatus {
    do throws(LabError) {
      switch command {
      case .labStatus:
        Output.print(try RunningLabs.status(layout: operands.first).joined(separator: "\n"))
        return .good
      case .labFault:
        let (words, layout) = split(after: 3)
        return say(try RunningLabs.tell("fault " + words.joined(separator: " "), layout: layout))
      case .labHeal:
        let (words, layout) = split(after: 1)
        return say(try RunningLabs.tell("heal " + words.joined(separator: " "), layout: layout))
      default:
        return say(try RunningLabs.tell("down", layout: operands.first))
      }
    } catch {
      Output.complain(error.description)
      return .unreachable
    }
  }

  /// What is said to the lab, and the layout that may stand behind it: a path, as no node and no kind of fault is.
  private func split(after count: Int) -> (words: [String], layout: String?) {
    guard let last = operands.last, operands.count > 1, last.contains("/") || last.hasSuffix(".yaml") else {
      return (Array(operands.prefix(count)), nil)
    }
    return (Array(operands.dropLast()), last)
  }

  private func say(_ reply: (isGood: Bool, text: String)) -> ExitStatus {
    if reply.isGood { return .good }
    Output.complain(String(reply.text.dropLast(reply.text.hasSuffix("\n") ? 1 : 0)))
    return .bad
  }
}
