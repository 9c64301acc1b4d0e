import Cluster

/// How the OpenSSH client is called.
struct SSHClient {
  var program = "ssh"
  /// Come before ours, so that they win; for tests.
  var options: [String] = []

  /// The arguments for a client that does nothing but forward.
  func arguments(for host: SSHHost, forwards: [(target: SSHTunnel.Target, socket: String)]) -> [String] {
    var arguments = settings(["LogLevel=INFO"]) + ["-N"]
    arguments += place(of: host)
    for forward in forwards {
      arguments += ["-L", "\(escaped(forward.socket)):\(specification(of: forward.target))"]
    }
    // What comes now is no option, whatever it looks like.
    return arguments + ["--", host.host]
  }

  /// The arguments for a client that runs a command there. Its words are put together by a shell: they must mean
  /// nothing to one.
  func arguments(for host: SSHHost, running command: [String]) -> [String] {
    settings(["ClearAllForwardings=yes", "LogLevel=ERROR"]) + place(of: host) + ["--", host.host] + command
  }

  private func settings(_ more: [String]) -> [String] {
    let settings = [
      // It never asks, for there is nobody to answer: unknown host keys and passphrases are failures.
      "BatchMode=yes", "ConnectTimeout=10", "ServerAliveInterval=5", "ServerAliveCountMax=2",
      // A connection shared with others would keep the forwards after our client has ended.
      "ControlMaster=no", "ControlPath=none",
      "ExitOnForwardFailure=yes", "StreamLocalBindUnlink=yes", "StreamLocalBindMask=0177",
      "PermitLocalCommand=no", "RemoteCommand=none", "RequestTTY=no", "ForwardAgent=no", "ForwardX11=no",
    ]
    return options + (settings + more).flatMap { ["-o", $0] }
  }

  private func place(of host: SSHHost) -> [String] {
    var arguments: [String] = []
    if let user = host.user { arguments += ["-l", user] }
    if let port = host.port { arguments += ["-p", "\(port)"] }
    return arguments
  }

  private func specification(of target: SSHTunnel.Target) -> String {
    switch target {
    case .unix(let path): escaped(path)
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(escaped(host)):\(port)"
    }
  }

  /// `:` separates the parts of a forward, `\` escapes, `%` begins a token of ssh_config(5).
  private func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      if character == ":" || character == "\\" { result.append("\\") }
      if character == "%" { result.append("%") }
      result.append(character)
    }
    return result
  }
}
