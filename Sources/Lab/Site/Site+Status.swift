import Cluster

extension Site {
  /// What runs, a line for each program.
  var status: String {
    var text = "\(plan.title) in \(directory.path)\n"
    text += "site      \(plan.entries.map { "http://\($0)/" }.joined(separator: " "))\n"
    for note in plan.notes { text += "note      \(note)\n" }
    let played = plan.nodes.compactMap { node in
      words(of: faults[node.name]).map { "\(node.name): \($0)" }
    }
    text += "faults    \(played.isEmpty ? "none" : played.joined(separator: "; "))\n"
    for node in plan.nodes {
      for program in plan.programs(of: node) {
        let state =
          programs.pid(of: program.name).map { "runs as process \($0) of the lab" } ?? "does not run"
        let note = program.part == .main ? words(of: faults[node.name]).map { "  fault: \($0)" } ?? "" : ""
        let address = program.part == .main ? " at \(node.address)" : ""
        text += "\(program.name): \(program.runs)\(address) \(state)\(note)\n"
      }
    }
    return text
  }

  private func words(of faults: [LabFault]?) -> String? {
    guard let faults, !faults.isEmpty else { return nil }
    return faults.map(\.words).joined(separator: ", ")
  }
}
