import Glibc

/// This program once more, in a process of its own: what that has of memory is what it needs for one thing alone.
enum OwnProcess {
  /// Says a figure to whoever has started this process.
  static func say(_ name: String, _ value: Double) { print("\(value) \(name)") }

  /// What it says, in order.
  static func figures(_ arguments: [String]) -> [(name: String, value: Double)] {
    guard let program = CommandLine.arguments.first,
      let pipe = popen(([program] + arguments).map { "'\($0)'" }.joined(separator: " "), "r")
    else { return [] }
    defer { pclose(pipe) }
    var figures: [(name: String, value: Double)] = []
    var line: UnsafeMutablePointer<CChar>?
    var room = 0
    defer { free(line) }
    while getline(&line, &room, pipe) > 0, let line {
      let words =
        String(cString: line).split(separator: "\n").first?.split(separator: " ", maxSplits: 1) ?? []
      guard words.count == 2, let value = Double(words[0]) else { continue }
      figures.append((String(words[1]), value))
    }
    return figures
  }
}
