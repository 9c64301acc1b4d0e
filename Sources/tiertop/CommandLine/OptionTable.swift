/// Every option of the program, once: what getopt_long is told, what the help says, and which spellings
/// are meant by a wrong one.
enum Option: String, CaseIterable {
  case socket, nginx, interval, view, theme, ascii, json, count, help, version
  case noMouse = "no-mouse"
  case noLoad = "no-load"
  case loopback
  case whileDescriptor = "while-fd"
  case output
  case directory = "out"
  case backend, wait, timeout, force, note, yes
  case thenMaint = "then-maint"
  case shutdownAfter = "shutdown-after"
  case run, resume
  case maxDown = "max-down"
  case waitUp = "wait-up"
  case dryRun = "dry-run"
  case readOnly = "read-only"
  case store, at
  case since, until, metric, by, csv

  /// The short form; nil for none.
  var letter: Character? {
    switch self {
    case .socket: "s"
    case .nginx: "n"
    case .interval: "i"
    case .ascii: "a"
    case .json: "j"
    case .count: "c"
    case .output: "o"
    case .yes: "y"
    case .help: "h"
    case .version: "V"
    default: nil
    }
  }

  /// What stands after it; nil for a switch.
  var argument: String? {
    switch self {
    case .socket: "ADDRESS"
    case .store: "PATH"
    case .at: "TIME"
    case .nginx: "URL"
    case .interval, .timeout, .shutdownAfter, .waitUp: "TIME"
    case .backend: "NAME"
    case .note: "TEXT"
    case .run: "COMMAND"
    case .maxDown: "N"
    case .since, .until: "TIME"
    case .metric: "NAMES"
    case .by: "UNIT"
    case .view, .theme: "NAME"
    case .count: "N"
    case .whileDescriptor: "FD"
    case .output: "FILE"
    case .directory: "DIR"
    default: nil
    }
  }

  /// What it does, where that depends on the command.
  func help(in command: Command) -> String {
    switch (self, command) {
    case (.force, .export): "replace FILE where it is there already"
    case (.force, .labConfig): "write into DIR also where it is not empty; what is not written anew stays"
    default: help
    }
  }

  var help: String {
    switch self {
    case .socket: "a HAProxy to ask: PATH, tcp://HOST:PORT, or the http(s):// address of its stats page"
    case .nginx: "a stub_status page to ask: http://…, https://… or http+unix:///PATH:/PAGE"
    case .interval: "from one poll to the next: 500ms, 1s, 2m (default 1s, or what the layout says)"
    case .view: "the first view: map, table, graphs, events"
    case .theme: "dark, light, colour-blind or mono"
    case .ascii: "draw with ASCII characters only"
    case .noMouse: "leave the mouse to the terminal"
    case .json: "JSON instead of text, one document a line"
    case .count: "go on for N intervals (default 1)"
    case .noLoad: "send no requests to it"
    case .loopback: "on plain loopback addresses: no virtual address, no firewalls, no databases"
    case .whileDescriptor: "stay only while the other end of descriptor FD is open"
    case .at: "begin at a moment of the past: 14:05, \"3m ago\", \"yesterday 09:00\", 2026-11-20T14:05:10Z"
    case .store: "the record of the cluster's past (default: /var/lib/tiertop, ~/.local/state/tiertop)"
    case .since: "from when: 24h, 7d, 14:05, yesterday 09:00, 2026-11-20T14:05:10Z …"
    case .until: "until when, said the same way (default now)"
    case .metric: "which figures: qps, latency, errors, sessions; with commas (default all)"
    case .by: "a row for each tick, minute or hour (default by the length of the span)"
    case .csv: "CSV instead of text, with a line of names"
    case .readOnly: "change nothing: the keys that would say so"
    case .output: "write to FILE instead of the terminal; it must not exist"
    case .directory: "the directory to write to; it must be empty, or not be there"
    case .backend: "only in this backend"
    case .wait: "wait until no session is left; for ready, until its checks say UP"
    case .timeout: "the longest that is waited (default 60s)"
    case .thenMaint: "when no session is left, take it out for maintenance"
    case .shutdownAfter: "end the sessions that are left after this time; waits longer by it"
    case .force: "even below the number of serving nodes that the layout keeps up"
    case .note: "why, for whoever looks next"
    case .yes: "do not ask"
    case .run: "what is run for each node"
    case .maxDown: "so many nodes at once (default 1)"
    case .waitUp: "the longest that its checks may take to pass again (default 60s)"
    case .resume: "go on with a roll that has stopped"
    case .dryRun: "show what would be done, and do nothing"
    case .help: "show this help"
    case .version: "show the version"
    }
  }
}
