import Cluster

extension LabPlan {
  /// One process each, in the foreground; all end when they are told to, and when the lab does.
  func command(for loadBalancer: LoadBalancer) -> LabCommand {
    command(loadBalancer.name, "haproxy") { ["-db", "-f", $0 + "/haproxy.cfg"] }
  }

  func command(for server: Server) -> LabCommand {
    switch server.program {
    case .nginx: command(server.name, "nginx") { ["-p", $0 + "/", "-c", $0 + "/nginx.conf"] }
    default: command(server.name, "gunicorn") { ["-c", $0 + "/gunicorn.conf.py"] }
    }
  }

  /// The load; it ends by itself when the process `parent` does.
  func commandForLoad(parent: Int32) -> LabCommand {
    command(Self.loadName, "python3") { [$0 + "/load.py", "\(parent)"] }
  }

  private func command(
    _ name: String, _ program: String, _ arguments: (_ home: String) -> [String]
  ) -> LabCommand {
    let home = "\(directory)/\(name)"
    return LabCommand(name: name, program: program, arguments: arguments(home), home: home)
  }
}
