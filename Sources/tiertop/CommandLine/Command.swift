/// What the program can be told to do.
enum Command: String, CaseIterable {
  case dashboard = ""
  case once
  case layoutCheck = "layout check"
  case layoutInit = "layout init"
  case labUp = "lab up"

  /// What stands after the command's name.
  var operands: String {
    switch self {
    case .dashboard, .once: "[LAYOUT]"
    case .layoutCheck: "FILE …"
    case .layoutInit: ""
    case .labUp: "LAYOUT"
    }
  }

  var options: [Option] {
    switch self {
    case .dashboard:
      [.socket, .nginx, .interval, .view, .theme, .ascii, .noMouse, .readOnly, .help, .version]
    case .once: [.socket, .nginx, .interval, .json, .count, .help]
    case .layoutCheck: [.help]
    case .layoutInit: [.socket, .nginx, .output, .help]
    case .labUp: [.noLoad, .whileDescriptor, .help]
    }
  }

  var summary: String {
    switch self {
    case .dashboard: "watch the cluster live"
    case .once: "poll twice, print the state of every node, and end"
    case .layoutCheck: "say every mistake in a layout"
    case .layoutInit: "write a layout of what a running HAProxy knows"
    case .labUp: "stand a layout up on this machine's loopback, for real"
    }
  }

  var details: String {
    switch self {
    case .dashboard:
      """
      LAYOUT is a file that says what the cluster is. Without one, and with --socket, the cluster is
      discovered from what HAProxy knows. With neither, tiertop looks for
      $XDG_CONFIG_HOME/tiertop/layout.yaml, /etc/tiertop/layout.yaml, and the usual HAProxy sockets.
      """
    case .once:
      """
      Exit status: 0 all up, 1 something degraded or down, 2 a mistake in the options or the layout,
      3 nothing could be reached. The JSON is described in docs/json.md.
      """
    case .layoutCheck:
      """
      Each mistake is a line FILE:LINE:COLUMN: what was found, what was expected.
      Exit status: 0 no mistake, 2 mistakes.
      """
    case .layoutInit:
      """
      The layout goes to standard output, commented, ready to be edited:
        tiertop layout init --socket /run/haproxy/admin.sock > layout.yaml
      Without --socket the usual HAProxy sockets are tried.
      """
    case .labUp:
      """
      Starts the real programs (HAProxy, Nginx, Gunicorn) without root, in one directory of their own, and
      prints the path of the running cluster's layout once all of it serves. Everything ends, and the
      directory goes, when it is interrupted.
      """
    }
  }
}
