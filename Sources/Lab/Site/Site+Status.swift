import Cluster

extension Site {
  /// What runs, a line for each program.
  var status: String {
    var text = "\(plan.title) in \(directory.path)\n"
    text += "site      \(plan.entries.map { "http://\($0)/" }.joined(separator: " "))\n"
    for node in plan.nodes {
      for program in plan.programs(of: node) {
        let state = pid(of: program).map { "runs as process \($0) of the lab" } ?? "does not run"
        let played = faults[node.name]?.map(\.words).joined(separator: ", ")
        let note = program.part == .main ? played.map { "  fault: \($0)" } ?? "" : ""
        let address = program.part == .main ? " at \(node.address)" : ""
        text += "\(program.name): \(program.program)\(address) \(state)\(note)\n"
      }
    }
    return text
  }
}
