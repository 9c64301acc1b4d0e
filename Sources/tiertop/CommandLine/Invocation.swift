import CSystem
import Cluster

/// What the command line says.
struct Invocation {
  var command: Command
  /// In the order given; a switch has an empty value.
  var options: [(option: Option, value: String)] = []
  var operands: [String] = []

  func has(_ option: Option) -> Bool { options.contains { $0.option == option } }

  func values(of option: Option) -> [String] { options.filter { $0.option == option }.map(\.value) }

  /// The layout of a command that takes one, and nothing else.
  func onlyLayout() throws(UsageError) -> String {
    guard let path = operands.first else { throw .missingOperand(command) }
    if operands.count > 1 { throw .tooManyOperands(operands[1], command: command) }
    return path
  }

  /// The commands that help is wanted of: `tiertop layout --help` wants it of all that begin with it.
  private(set) var helpTopics: [Command] = []

  /// The last one counts.
  func value(of option: Option) -> String? { values(of: option).last }
}

/// Why a command line cannot be carried out. The program says so and exits with 2.
enum UsageError: Error {
  case unknownCommand(String, meant: String?)
  /// The first word of several commands, and none of them.
  case missingCommand(String, members: [String])
  case unknownOption(String, command: Command, meant: String?)
  case ambiguousOption(String, command: Command)
  case missingArgument(Option, command: Command)
  case needlessArgument(Option, command: Command)
  case badValue(String, of: Option, expected: String)
  case missingOperand(Command)
  case badOperand(String, expected: String)
  case missingOption(Option, command: Command)
  case needsOther(Option, Option, command: Command)
  case unknownTier(String, meant: String?)
  /// No node or tier of that name was recorded.
  case unknownSeries(String, meant: String?)
  case exclusive(Option, Option, command: Command)
  /// Why `--resume` has nothing to go on with.
  case nothingToResume(String)
  /// Another program is rolling the same cluster.
  case otherRoll(cluster: String)
  /// It would have to ask, and nobody is there.
  case noTerminal
  case tooManyOperands(String, command: Command)
  /// A layout says it all; options cannot add to it.
  case layoutAndSocket(command: Command)
}

extension Invocation {
  /// Reads the words after the program's name, by getopt_long's conventions: long options may be shortened
  /// and given with `=`, short ones run together, options and operands mixed, and `--` ends the options.
  init(words: [String]) throws(UsageError) {
    var words = words
    let typed = words.prefix { !$0.hasPrefix("-") }.joined(separator: " ")
    command = try Invocation.takeCommand(from: &words)
    let family = Command.allCases.filter { $0.rawValue.hasPrefix(typed + " ") }
    helpTopics = family.isEmpty || typed.isEmpty ? [command] : family
    try parse(words)
  }

  private static func takeCommand(from words: inout [String]) throws(UsageError) -> Command {
    guard let first = words.first else { return .dashboard }
    let families = Set(
      Command.allCases.compactMap { $0.rawValue.split(separator: " ").first.map(String.init) })
    guard families.contains(first) else {
      // A bare word that is no file and looks like a command was meant as one.
      if !first.hasPrefix("-"), !first.contains("/"), !first.contains("."), !File.exists(first) {
        throw .unknownCommand(first, meant: nearest(to: first, in: Array(families)))
      }
      return .dashboard
    }
    words.removeFirst()
    if let command = Command(rawValue: first) { return command }
    let members = Command.allCases.filter { $0.rawValue.hasPrefix(first + " ") }
    guard let second = words.first, !second.hasPrefix("-") else {
      // `tiertop layout --help`: the help of all its commands.
      guard let command = members.first, words.contains("--help") || words.contains("-h") else {
        throw .missingCommand(first, members: members.map(\.rawValue))
      }
      return command
    }
    guard let command = Command(rawValue: first + " " + second) else {
      let names = members.compactMap { $0.rawValue.split(separator: " ").last.map(String.init) }
      throw .unknownCommand(
        first + " " + second, meant: nearest(to: second, in: names).map { first + " " + $0 })
    }
    words.removeFirst()
    return command
  }

  private mutating func parse(_ words: [String]) throws(UsageError) {
    let table = GetoptTable(command.options)
    let arguments = CStringArray(["tiertop"] + words)
    tt_getopt_reset(1)
    while true {
      let found = getopt_long(Int32(arguments.count), arguments.pointer, table.letters, table.entries, nil)
      if found == -1 { break }
      guard let option = table.option(for: found) else {
        throw mistake(isMissingArgument: found == Int32(UInt8(ascii: ":")), table, arguments)
      }
      options.append((option, tt_getopt_argument().map { String(cString: $0) } ?? ""))
    }
    // getopt_long has moved the operands to the end.
    operands = (Int(tt_getopt_index())..<arguments.count).map { arguments[$0] }
  }

  /// What getopt_long did not like. `optopt` is the code of the option where it knows it, the letter of an
  /// unknown short one, and 0 for a long one that is unknown or short for several.
  private func mistake(isMissingArgument: Bool, _ table: GetoptTable, _ arguments: CStringArray) -> UsageError
  {
    let code = tt_getopt_option()
    if let option = table.option(for: code) {
      return isMissingArgument
        ? .missingArgument(option, command: command) : .needlessArgument(option, command: command)
    }
    if code != 0 {
      let letter = UInt8(exactly: code).map { String(Unicode.Scalar($0)) } ?? "?"
      return .unknownOption("-" + letter, command: command, meant: nil)
    }
    let word = arguments[Int(tt_getopt_index()) - 1]
    let name = String(word.dropFirst(2).prefix { $0 != "=" })
    let known = command.options.map(\.rawValue)
    if known.count(where: { $0.hasPrefix(name) }) > 1 {
      return .ambiguousOption("--" + name, command: command)
    }
    return .unknownOption(
      "--" + name, command: command, meant: nearest(to: name, in: known).map { "--" + $0 })
  }
}
