/// The help texts, made from the tables of commands and options.
enum Help {
  static func text(for command: Command) -> String {
    var text = "Usage: tiertop\(command.rawValue.isEmpty ? "" : " " + command.rawValue) [OPTION …]"
    text += command.operands.isEmpty ? "\n" : " \(command.operands)\n"
    text += "\n" + command.summary.prefix(1).uppercased() + command.summary.dropFirst() + ".\n"
    text += "\n" + command.details + "\n"
    if command == .dashboard {
      let commands = Command.allCases.filter { $0 != .dashboard }
      text += "\nOther commands (tiertop COMMAND --help says more):\n"
      text += columns(commands.map { ($0.rawValue, $0.summary) })
    }
    text += "\nOptions:\n"
    text += columns(command.options.map { (form(of: $0), $0.help(in: command)) })
    return text
  }

  private static func form(of option: Option) -> String {
    let short = option.letter.map { "-\($0), " } ?? "    "
    return "\(short)--\(option.rawValue)\(option.argument.map { " " + $0 } ?? "")"
  }

  private static func columns(_ rows: [(String, String)]) -> String {
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { left, right in
      "  " + left + String(repeating: " ", count: width - left.count + 2) + right + "\n"
    }.joined()
  }
}
