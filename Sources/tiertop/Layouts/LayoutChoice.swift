import Cluster
import Glibc
import LayoutFile
import Platform

/// Which cluster is meant: a file, what the options name, or what is usually there.
enum LayoutChoice {
  /// Where HAProxy's stats socket usually is, in the packages of Debian, Red Hat and others.
  static let usualSockets = [
    "/run/haproxy/admin.sock", "/run/haproxy.sock", "/run/haproxy/haproxy.sock", "/run/haproxy/stats.sock",
    "/run/haproxy/info.sock", "/var/lib/haproxy/stats", "/var/lib/haproxy/stats.sock",
  ]

  enum Failure: Error {
    case usage(UsageError)
    case file(LayoutFileError, path: String)
    case nothingFound
  }

  /// The layout that an invocation means, with the options that change it.
  static func layout(for invocation: Invocation) throws(Failure) -> Layout {
    var layout = try base(for: invocation)
    do {
      try apply(invocation, to: &layout)
    } catch {
      throw .usage(error)
    }
    joinNamespaces(of: layout)
    return layout
  }

  /// What is asked from within a network namespace of a user's own can only be asked from that user's namespace; this
  /// is still the only thread. Where it cannot be entered, each source says so when it is asked.
  private static func joinNamespaces(of layout: Layout) {
    let passages = layout.nodes.map(\.via) + [layout.entry?.via, layout.filter?.via]
    for case .namespace(let path)? in passages {
      if (try? NetworkNamespace.joinOwner(of: path)) != nil { return }
    }
  }

  private static func base(for invocation: Invocation) throws(Failure) -> Layout {
    if invocation.operands.count > 1 {
      throw .usage(.tooManyOperands(invocation.operands[1], command: invocation.command))
    }
    let isDiscovery = invocation.has(.socket) || invocation.has(.nginx)
    if let path = invocation.operands.first {
      if isDiscovery { throw .usage(.layoutAndSocket(command: invocation.command)) }
      return try read(path)
    }
    if isDiscovery { return try discovered(invocation) }
    for path in usualFiles() where File.exists(path) { return try read(path) }
    guard let layout = usualLayout() else { throw .nothingFound }
    return layout
  }

  /// What the usual sockets would give; nil where there is none.
  static func usualLayout() -> Layout? {
    let sockets = usualSockets.filter(File.isSocket)
    return sockets.isEmpty ? nil : Layout(discovering: sockets.map { .unix(path: $0) }, nginx: [])
  }

  /// What `--socket` and `--nginx` name.
  static func discovered(_ invocation: Invocation) throws(Failure) -> Layout {
    do {
      return Layout(
        discovering: try endpoints(.socket, "an absolute path, tcp://HOST:PORT or http(s)://…", invocation) {
          text throws(EndpointFault) in try Endpoint(haproxy: text)
        },
        nginx: try endpoints(.nginx, "http://…, https://… or http+unix:///PATH:/PAGE", invocation) {
          text throws(EndpointFault) in try Endpoint(nginx: text)
        })
    } catch {
      throw .usage(error)
    }
  }

  private static func endpoints(
    _ option: Option, _ expected: String, _ invocation: Invocation,
    _ parse: (String) throws(EndpointFault) -> Endpoint
  ) throws(UsageError) -> [Endpoint] {
    var endpoints: [Endpoint] = []
    for text in invocation.values(of: option) {
      do {
        endpoints.append(try parse(option == .socket ? absolute(text) : text))
      } catch {
        throw .badValue(text, of: option, expected: expected)
      }
    }
    return endpoints
  }

  /// `./admin.sock` is a path as well.
  private static func absolute(_ text: String) -> String {
    if text.hasPrefix("/") || text.contains("://") { return text }
    guard let directory = getcwd(nil, 0) else { return text }
    defer { free(directory) }
    return String(cString: directory) + "/" + text
  }

  /// What options say that a layout says too.
  static func apply(_ invocation: Invocation, to layout: inout Layout) throws(UsageError) {
    if let text = invocation.value(of: .interval) {
      guard let interval = Duration(parsing: text), interval >= .milliseconds(100), interval <= .seconds(3600)
      else { throw .badValue(text, of: .interval, expected: "a time from 100ms to 1h") }
      layout.interval = interval
    }
    if let text = invocation.value(of: .view) {
      guard let view = ScreenPreferences.View(rawValue: text) else {
        throw .badValue(text, of: .view, expected: list(ScreenPreferences.View.allCases))
      }
      layout.screen.view = view
    }
    if let text = invocation.value(of: .theme) {
      guard let theme = ScreenPreferences.ThemeName(rawValue: text) else {
        throw .badValue(text, of: .theme, expected: list(ScreenPreferences.ThemeName.allCases))
      }
      layout.screen.theme = theme
    }
  }

  private static func list<Choice: RawRepresentable<String>>(_ choices: [Choice]) -> String {
    choices.map(\.rawValue).joined(separator: ", ")
  }

  /// The layout of a file.
  static func read(_ path: String) throws(Failure) -> Layout {
    do {
      return try LayoutFile.read(path: path)
    } catch {
      throw .file(error, path: path)
    }
  }

  /// $XDG_CONFIG_HOME/tiertop/layout.yaml (by default ~/.config/…), then /etc.
  private static func usualFiles() -> [String] {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    let home = variable("XDG_CONFIG_HOME") ?? variable("HOME").map { $0 + "/.config" }
    return [home.map { $0 + "/tiertop/layout.yaml" }, "/etc/tiertop/layout.yaml"].compactMap { $0 }
  }
}
