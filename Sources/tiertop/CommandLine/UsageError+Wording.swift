import Cluster

extension UsageError {
  /// What is wrong, what was meant, and where the help is; sanitised.
  var words: String {
    switch self {
    case .unknownCommand(let word, let meant):
      "there is no command or layout file \"\(printable(word))\"\(suggestion(meant))" + pointer(.dashboard)
    case .missingCommand(let word, let members):
      "\"\(word)\" is not a command by itself; there is \(members.joined(separator: ", "))"
        + pointer(.dashboard)
    case .unknownOption(let option, let command, let meant):
      "there is no option \(printable(option))\(suggestion(meant))" + pointer(command)
    case .ambiguousOption(let option, let command):
      "\(printable(option)) is short for more than one option" + pointer(command)
    case .missingArgument(let option, let command):
      "--\(option.rawValue) needs \(option.argument ?? "a value") after it" + pointer(command)
    case .needlessArgument(let option, let command):
      "--\(option.rawValue) takes no value" + pointer(command)
    case .badValue(let value, let option, let expected):
      "--\(option.rawValue): found \"\(printable(value))\", expected \(expected)"
    case .missingOperand(let command):
      "\(command.requiredOperands) is missing" + pointer(command)
    case .badOperand(let word, let expected):
      "found \"\(printable(word))\", expected \(expected)"
    case .missingOption(let option, let command):
      "--\(option.rawValue) \(option.argument ?? "") is missing" + pointer(command)
    case .needsOther(let option, let other, let command):
      "--\(option.rawValue) is nothing without --\(other.rawValue)" + pointer(command)
    case .unknownTier(let word, let meant): "there is no tier \"\(printable(word))\"\(suggestion(meant))"
    case .unknownSeries(let word, let meant):
      "no node or tier \"\(printable(word))\" was recorded\(suggestion(meant))"
    case .exclusive(let option, let other, let command):
      "give either --\(option.rawValue) or --\(other.rawValue), not both" + pointer(command)
    case .nothingToResume(let words): "there is nothing to resume: \(words)"
    case .otherRoll(let cluster): "another roll of \(cluster) is under way"
    case .noTerminal:
      "there is no terminal to ask on: --yes does it without asking; nothing was sent"
    case .tooManyOperands(let word, let command):
      "\"\(printable(word))\" is one too many" + pointer(command)
    case .layoutAndSocket(let command):
      "give either a layout or --socket and --nginx, not both" + pointer(command)
    }
  }

  private func suggestion(_ meant: String?) -> String { meant.map { "; did you mean \($0)?" } ?? "" }

  private func pointer(_ command: Command) -> String {
    "\nTry 'tiertop \(command.rawValue.isEmpty ? "" : command.rawValue + " ")--help'."
  }
}
