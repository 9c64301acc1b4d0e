/// What the program can be told to do.
enum Command: String, CaseIterable {
  case dashboard = ""
  case once
  case agent
  case history, events, incidents
  case export, replay
  case drain, ready, maint, weight, roll
  case layoutCheck = "layout check"
  case layoutInit = "layout init"
  case layoutDiagram = "layout diagram"
  case labUp = "lab up"
  case labDown = "lab down"
  case labStatus = "lab status"
  case labFault = "lab fault"
  case labHeal = "lab heal"
  case labConfig = "lab config"

  /// What stands after the command's name.
  var operands: String {
    switch self {
    case .dashboard, .once, .agent, .events, .incidents: "[LAYOUT]"
    case .history: "NODE [LAYOUT]"
    case .export: "[LAYOUT] FILE"
    case .replay: "FILE"
    case .drain, .ready, .maint: "TARGET [LAYOUT]"
    case .weight: "TARGET N [LAYOUT]"
    case .roll: "TIER [LAYOUT]"
    case .layoutCheck: "FILE …"
    case .layoutInit: ""
    case .layoutDiagram, .labUp, .labConfig: "LAYOUT"
    case .labDown, .labStatus: "[LAYOUT]"
    case .labFault: "NODE KIND [VALUE] [LAYOUT]"
    case .labHeal: "NODE [LAYOUT]"
    }
  }

  /// The part of `operands` that cannot be left out.
  var requiredOperands: String {
    operands.split(separator: " ").filter { !$0.hasPrefix("[") }.joined(separator: " ")
  }

  var options: [Option] {
    switch self {
    case .dashboard:
      [.socket, .nginx, .interval, .view, .theme, .ascii, .noMouse, .readOnly, .store, .at, .help, .version]
    case .once: [.socket, .nginx, .interval, .json, .count, .help]
    case .agent: [.socket, .nginx, .interval, .store, .help]
    case .history: Command.past + [.metric, .by, .csv, .json, .help]
    case .events, .incidents: Command.past + [.json, .help]
    case .export: Command.past + [.force, .json, .help]
    case .replay: [.at, .view, .theme, .ascii, .noMouse, .help]
    case .drain: Command.reaching + Command.waiting + [.thenMaint, .shutdownAfter] + Command.changing
    case .ready: Command.reaching + Command.waiting + Command.changing
    case .maint: Command.reaching + Command.waiting + [.shutdownAfter] + Command.changing
    case .weight: Command.reaching + Command.changing
    case .roll:
      [
        .run, .maxDown, .timeout, .waitUp, .resume, .dryRun, .socket, .interval, .force, .note, .yes, .json,
        .help,
      ]
    case .layoutCheck, .layoutDiagram: [.help]
    case .layoutInit: [.socket, .nginx, .output, .help]
    case .labUp: [.noLoad, .loopback, .whileDescriptor, .help]
    case .labDown, .labStatus, .labFault, .labHeal: [.help]
    case .labConfig: [.directory, .force, .help]
    }
  }

  private static let past: [Option] = [.since, .until, .store, .socket, .nginx]
  private static let reaching: [Option] = [.socket, .interval, .backend]
  private static let waiting: [Option] = [.wait, .timeout]
  private static let changing: [Option] = [.force, .note, .yes, .json, .help]

  var summary: String {
    switch self {
    case .dashboard: "watch the cluster live"
    case .once: "poll twice, print the state of every node, and end"
    case .agent: "record the cluster's past, without a screen"
    case .history: "the recorded figures of a node, a tier or the cluster"
    case .events: "what has happened, a line each, the newest last"
    case .incidents: "what went wrong, how long and how badly, the newest last"
    case .export: "save a stretch of the past as one file that can be sent"
    case .replay: "look at a stretch that was saved, here or elsewhere"
    case .drain: "send a node nothing new, on all load balancers at once"
    case .ready: "let a node take traffic again, on all load balancers at once"
    case .maint: "take a node out of service, on all load balancers at once"
    case .weight: "change a node's share, on all load balancers at once"
    case .roll: "drain a tier's nodes in turn, and run a command on each"
    case .layoutCheck: "say every mistake in a layout"
    case .layoutInit: "write a layout of what a running HAProxy knows"
    case .layoutDiagram: "draw a layout, as a flowchart of Mermaid"
    case .labUp: "stand a layout up on this machine, for real"
    case .labDown: "end a lab, and leave nothing of it"
    case .labStatus: "say what runs in the labs on this machine"
    case .labFault: "let something go wrong in a lab, to see what that looks like"
    case .labConfig: "write a layout's configurations, for real machines"
    case .labHeal: "take back what goes wrong at a node of a lab, or everywhere"
    }
  }
}
