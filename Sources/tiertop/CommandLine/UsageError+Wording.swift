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
      "\(command.operands) is missing" + pointer(command)
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
