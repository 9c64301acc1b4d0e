import Cluster

/// How one program of a lab is started.
struct LabCommand: Sendable, Hashable {
  /// The node's name, or what else it is.
  var name: String
  /// As it is called in PATH.
  var program: String
  /// Without the program's own name.
  var arguments: [String]
}

extension LabPlan {
  /// One process each, in the foreground; all end when they are told to, and when the lab does.
  func command(for loadBalancer: LoadBalancer) -> LabCommand {
    LabCommand(
      name: loadBalancer.name, program: "haproxy",
      arguments: ["-db", "-f", "\(directory)/\(loadBalancer.name)/haproxy.cfg"])
  }

  /// The same load balancer with its configuration read again: takes the sockets over from the process `pid`,
  /// which ends when its last session does.
  func command(forReloadOf loadBalancer: LoadBalancer, from pid: Int32) -> LabCommand {
    var command = command(for: loadBalancer)
    command.arguments += ["-x", loadBalancer.socket, "-sf", "\(pid)"]
    return command
  }

  func command(for server: Server) -> LabCommand {
    let home = "\(directory)/\(server.name)"
    return switch server.program {
    case .nginx:
      LabCommand(
        name: server.name, program: "nginx", arguments: ["-p", home + "/", "-c", home + "/nginx.conf"])
    default:
      LabCommand(name: server.name, program: "gunicorn", arguments: ["-c", home + "/gunicorn.conf.py"])
    }
  }

  /// The load; it ends by itself when the process `parent` does.
  func commandForLoad(parent: Int32) -> LabCommand {
    LabCommand(
      name: Self.loadName, program: "python3",
      arguments: ["\(directory)/\(Self.loadName)/load.py", "\(parent)"])
  }
}
