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

  /// A terminal's usual width, less the column that some keep free.
  private static let width = 79

  /// What is said, and what it means; what has no room beside it goes on below.
  static func columns(_ rows: [(String, String)]) -> String {
    let left = (rows.map(\.0.count).max() ?? 0) + 4
    return rows.map { name, meaning in
      let first = "  " + name + String(repeating: " ", count: left - name.count - 2)
      let rest = "\n" + String(repeating: " ", count: left)
      return first + lines(of: meaning, width: width - left).joined(separator: rest) + "\n"
    }.joined()
  }

  /// Text in lines that are no longer than said, where its words are not.
  private static func lines(of text: String, width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      let line = lines[lines.count - 1]
      if line.isEmpty || line.count + 1 + word.count <= width {
        lines[lines.count - 1] = line.isEmpty ? String(word) : line + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
