import Cluster
import Glibc

/// What a fault does, and what takes it back.
extension Site {
  /// Called with nil where it went well, else with why not.
  typealias Outcome = (String?) -> Void

  /// Plays a fault as the command line says it.
  func play(_ kind: String, _ value: String?, at name: String, outcome: @escaping Outcome) {
    guard let node = plan.nodes.first(where: { $0.name == name }) else { return outcome(noNode(name) + ".") }
    let kinds = plan.faults(at: node)
    let possible = "\n\(node.name) can have: \(kinds.map(\.example).joined(separator: ", "))."
    guard let known = FaultKind(rawValue: kind) else {
      return outcome("there is no fault \(printable(kind))" + possible)
    }
    guard kinds.contains(known) else {
      let place = known.place.map { ", and \(kind) is only for \($0)" } ?? ""
      return outcome("\(node.name) runs \(node.program.rawValue)\(place)" + possible)
    }
    do throws(LabError) {
      play(try LabFault(kind: kind, value: value), at: node, outcome: outcome)
    } catch {
      outcome(error.description)
    }
  }

  private func noNode(_ name: String) -> String {
    let names = plan.nodes.map(\.name).joined(separator: ", ")
    return "there is no node \(printable(name)) in this lab\nThere are: \(names)"
  }

  private func play(_ fault: LabFault, at node: SitePlan.Node, outcome: @escaping Outcome) {
    let name = node.name
    let isThere = faults[name]?.contains { $0.words == fault.words } ?? false
    if isThere { return outcome(nil) }
    apply(fault, to: node) { [weak self] problem in
      if problem == nil {
        // Another value takes the place of the one before.
        self?.faults[name]?.removeAll { $0.kind == fault.kind }
        self?.faults[name, default: []].append(fault)
      }
      outcome(problem)
    }
  }

  /// Takes back everything that is played at a node, or at all.
  func heal(_ name: String, outcome: @escaping Outcome) {
    let nodes = plan.nodes.filter { name == "all" || $0.name == name }
    if nodes.isEmpty { return outcome(noNode(name) + "; \"all\" is every one of them.") }
    let all = nodes.flatMap { node in (faults[node.name] ?? []).map { (node, $0) } }
    for node in nodes { faults[node.name] = nil }
    var waiting = all.count
    var problems: [String] = []
    if all.isEmpty { return outcome(nil) }
    for (node, fault) in all {
      takeBack(fault, from: node) { problem in
        if let problem { problems.append(problem) }
        waiting -= 1
        if waiting == 0 { outcome(problems.isEmpty ? nil : problems.joined(separator: "; ")) }
      }
    }
  }

  private func apply(_ fault: LabFault, to node: SitePlan.Node, _ outcome: @escaping Outcome) {
    switch fault {
    case .kill:
      programs.end(plan.programs(of: node)[0].name)
      outcome(nil)
    case .hang:
      programs.send(SIGSTOP, to: node.name)
      outcome(nil)
    case .slow, .errors: play(at: node, adding: fault, outcome)
    case .loss(let share):
      filter("numgen random mod 1000 < \(Int(share * 1000)) drop", named: "loss", at: node, outcome)
    case .splitBrain: filter("meta l4proto vrrp drop", both: true, named: "split", at: node, outcome)
    case .cut: link("down", of: node, outcome)
    case .full:
      do throws(LabError) {
        try directory.write(
          LabFile(name: "\(node.name)/hold.py", text: ConnectionHolder.text(of: node, in: plan)))
        try programs.start(ConnectionHolder.program(of: node, in: plan).command)
        outcome(nil)
      } catch {
        outcome(error.description)
      }
    case .lag(let time): delay(node, by: time.components.seconds, outcome)
    case .stopReplication: stopReplication(at: node, outcome)
    }
  }

  private func takeBack(_ fault: LabFault, from node: SitePlan.Node, _ outcome: @escaping Outcome) {
    switch fault {
    case .kill:
      let program = plan.programs(of: node)[0]
      if programs.pid(of: program.name) != nil { return outcome(nil) }
      do throws(LabError) {
        try programs.start(program.command)
        outcome(nil)
      } catch {
        outcome(error.description)
      }
    case .hang:
      programs.send(SIGCONT, to: node.name)
      outcome(nil)
    case .slow, .errors: play(at: node, adding: nil, outcome)
    case .loss: perform(["nft", "delete table inet loss"], in: node, outcome)
    case .splitBrain: perform(["nft", "delete table inet split"], in: node, outcome)
    case .cut: link("up", of: node, outcome)
    case .full:
      programs.end(ConnectionHolder.program(of: node, in: plan).name)
      outcome(nil)
    case .lag: delay(node, by: 0, outcome)
    case .stopReplication: startReplication(at: node, outcome)
    }
  }

  func perform(_ command: [String], in node: SitePlan.Node, _ outcome: @escaping Outcome) {
    perform(command, in: node.name) { wentWell, said in
      outcome(wentWell ? nil : "\(node.name): \(command[0]) failed: \(said.joined(separator: " "))")
    }
  }

  private func filter(
    _ rule: String, both isBoth: Bool = false, named name: String, at node: SitePlan.Node,
    _ outcome: @escaping Outcome
  ) {
    let chains = (isBoth ? ["input", "output"] : ["input"]).map {
      "chain \($0) { type filter hook \($0) priority 0; policy accept; \(rule); }; "
    }
    // In place of what may be there.
    let rules = "add table inet \(name); delete table inet \(name); table inet \(name) { \(chains.joined())}"
    perform(["nft", rules], in: node, outcome)
  }

  /// The router's end of the cable: so the node keeps its addresses and routes, as a machine does whose cable is out.
  private func link(_ state: String, of node: SitePlan.Node, _ outcome: @escaping Outcome) {
    let places = SiteNetwork.places(of: plan)
    guard let place = places.firstIndex(where: { $0.name == node.name }) else { return }
    perform(["ip", "link", "set", SiteNetwork.port(place), state], in: SitePlan.router) { wentWell, said in
      outcome(wentWell ? nil : "\(node.name): \(said.joined(separator: " "))")
    }
  }

  /// Slow and failing answers: the application reads the file `fault`; for Nginx there is a process that it asks.
  private func play(at node: SitePlan.Node, adding fault: LabFault?, _ outcome: @escaping Outcome) {
    var seconds = 0.0
    var share = 0.0
    for fault in (faults[node.name] ?? []) + [fault].compactMap({ $0 }) {
      if case .slow(let time) = fault { seconds = Double(time.milliseconds) / 1000 }
      if case .errors(let part) = fault { share = part }
    }
    let home = plan.home(of: node)
    do throws(LabError) {
      guard node.program == .nginx else {
        try directory.write(LabFile(name: "\(node.name)/fault", text: "\(seconds) \(share)\n"))
        return outcome(nil)
      }
      let socket = "\(home)/fault.sock"
      let server = SiteProgram(
        node: node.name, part: .fault, program: "python3",
        arguments: ["\(home)/fault.py", socket, "\(seconds)", "\(share)"], home: home)
      let nginx = plan.programs(of: node)[0]
      let isPlayed = seconds > 0 || share > 0
      try directory.write(
        LabFile(name: "\(node.name)/fault.conf", text: isPlayed ? FaultServer.include(socket: socket) : ""))
      // A new process: connections of before would go on as they were. And none that asks for what is not there yet.
      guard isPlayed else {
        programs.end(nginx.name)
        programs.end(server.name)
        try programs.start(nginx.command)
        return outcome(nil)
      }
      programs.end(server.name)
      unlink(socket)
      try programs.start(server.command)
      whenListening(at: socket) { [weak self] in
        guard let self else { return }
        programs.end(nginx.name)
        do throws(LabError) {
          try programs.start(nginx.command)
          outcome(nil)
        } catch {
          outcome(error.description)
        }
      }
    } catch {
      outcome(error.description)
    }
  }
}
