import Foundation
import Testing

/// Two load balancers of a test's own, before web servers that answer as the path says; ended when a test lets
/// go of it.
final class OwnPair {
  let directory: URL
  private var processes: [Process] = []
  /// Loopback addresses that nobody else has.
  private let network = "127.\(Int.random(in: 64...250)).\(Int.random(in: 0...255))"
  private let count: Int
  private let isSticky: Bool

  /// The servers: `/slow/2` is answered after two seconds, everything else at once; a server is ill while there
  /// is a file `ill-ADDRESS` in the directory.
  private static let servers = """
    import http.server, os, signal, sys, threading, time
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def do_GET(self):
            if self.path.startswith("/slow/"):
                time.sleep(float(self.path.split("/")[-1]))
            ill = os.path.exists("%s/ill-%s:%d" % ((sys.argv[1],) + self.server.server_address))
            self.send_response(503 if ill else 200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")
        def log_message(self, *arguments):
            pass
    for address in sys.argv[2:]:
        server = http.server.ThreadingHTTPServer((address, 8080), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print("serving", flush=True)
    sys.stdin.read()
    """

  /// - Parameters:
  ///   - levels: what each load balancer's socket allows.
  ///   - keepUp: the layout's floor.
  ///   - isSticky: whether a cookie brings clients back to their server.
  init(
    servers count: Int = 2, levels: [String] = ["admin", "admin"], keepUp: Int = 1, isSticky: Bool = false
  ) throws {
    self.count = count
    self.isSticky = isSticky
    directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("tt-pair-\(getpid())-\(UInt32.random(in: 0..<UInt32.max))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let output = Pipe()
    try start(
      ["python3", "-c", OwnPair.servers, directory.path] + (1...count).map(address), input: Pipe(),
      output: output)
    try #require(!output.fileHandleForReading.availableData.isEmpty)
    for (place, level) in levels.enumerated() {
      let file = directory.appendingPathComponent("lb\(place + 1).cfg")
      try configuration(place + 1, level).write(to: file, atomically: true, encoding: .utf8)
      // Debian keeps it where only root's PATH leads.
      try start(["PATH=/usr/sbin:/usr/local/sbin:/usr/bin:/bin", "haproxy", "-db", "-q", "-f", file.path])
    }
    try layoutText(levels.count, keepUp).write(toFile: layout, atomically: true, encoding: .utf8)
    for place in 1...levels.count {
      let wanted = "show stat"
      try #require(
        holds {
          let rows = ((try? ask(place, wanted)) ?? "").split(separator: "\n").filter { $0.contains(",web") }
          return rows.count == count && rows.allSatisfy { $0.contains(",UP,") }
        })
    }
  }

  deinit {
    for process in processes where process.isRunning { kill(process.processIdentifier, SIGKILL) }
    for process in processes { process.waitUntilExit() }
    try? FileManager.default.removeItem(at: directory)
  }

  var layout: String { directory.appendingPathComponent("layout.yaml").path }
  var audit: String { directory.appendingPathComponent("audit.log").path }

  /// What keeps this test's memory apart from everybody's.
  var environment: [String: String] { ["XDG_STATE_HOME": directory.appendingPathComponent("state").path] }

  /// Runs tiertop on it.
  func tiertop(_ arguments: [String]) throws -> Outcome {
    try run(program, arguments, environment: environment)
  }

  func address(_ server: Int) -> String { "\(network).\(10 + server)" }

  func socket(_ balancer: Int) -> String { directory.appendingPathComponent("lb\(balancer).sock").path }

  /// The load balancer's own host.
  func host(_ balancer: Int) -> String { "\(network).\(balancer)" }

  /// What a load balancer says to a command.
  func ask(_ balancer: Int, _ command: String) throws -> String {
    try StatsSocket(path: socket(balancer)).ask(command)
  }

  /// `ready`, `drain` or `maint` for each server in order, as the load balancer itself says.
  func states(_ balancer: Int) throws -> [String] {
    try adminStates(of: "web", at: socket(balancer)).map(\.state)
  }

  /// Ends a load balancer.
  func end(_ balancer: Int) {
    kill(processes[balancer].processIdentifier, SIGKILL)
    processes[balancer].waitUntilExit()
    try? FileManager.default.removeItem(atPath: socket(balancer))
  }

  /// Stops a load balancer where it is, or lets it go on: SIGSTOP, SIGCONT.
  func signal(_ balancer: Int, _ signal: Int32) { kill(processes[balancer].processIdentifier, signal) }

  /// Holds a session on each server of a load balancer for so many seconds; ends with the pair.
  func hold(_ balancer: Int, seconds: Int, connections: Int) throws {
    for _ in 0..<connections {
      try start(["python3", "-c", OwnPair.holder, host(balancer), "/slow/\(seconds)"])
    }
    try #require(
      holds {
        ((try? sessions(balancer)) ?? []).reduce(0, +) == connections
      })
  }

  /// The sessions of each server now.
  func sessions(_ balancer: Int) throws -> [Int] {
    let lines = try ask(balancer, "show stat").split(separator: "\n")
    return lines.filter { $0.hasPrefix("web,web") }.map { line in
      Int(line.split(separator: ",", omittingEmptySubsequences: false)[4]) ?? -1
    }
  }

  private static let holder = """
    import signal, sys, urllib.request
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    urllib.request.urlopen("http://" + sys.argv[1] + ":8080" + sys.argv[2]).read()
    """

  private func start(_ arguments: [String], input: Any? = nil, output: Any? = nil) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardInput = input ?? FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    processes.append(process)
  }

  private func configuration(_ place: Int, _ level: String) -> String {
    """
    global
        nbthread 1
        stats socket \(socket(place)) mode 600 level \(level)
    defaults
        mode http
        timeout connect 2s
        timeout client 30s
        timeout server 30s
        default-server inter 100ms fall 2 rise 2
    frontend www
        bind \(host(place)):8080
        default_backend web
    backend web
        balance roundrobin
        option httpchk
        http-check send meth GET uri /healthz
        \(isSticky ? "cookie SERVER insert" : "")
    \((1...count).map { "    server web\($0) \(address($0)):8080 check\(isSticky ? " cookie s\($0)" : "")" }
      .joined(separator: "\n"))

    """
  }

  private func layoutText(_ balancers: Int, _ keepUp: Int) -> String {
    """
    cluster: pair
    interval: 700ms
    tiers:
      - tier: lb
        nodes:
    \((1...balancers).map { "      - { node: lb\($0), haproxy: \"\(socket($0))\" }" }.joined(separator: "\n"))
      - tier: web
        nodes:
    \((1...count).map { "      - { node: web\($0), address: \"\(address($0)):8080\" }" }.joined(separator: "\n"))
    drain: { keep_up: \(keepUp) }
    audit: "\(audit)"

    """
  }
}

/// What an operator made of each server of a backend, by HAProxy's own account.
func adminStates(of backend: String, at socket: String) throws -> [(
  server: String, state: String, weight: Int
)] {
  try StatsSocket(path: socket).ask("show servers state \(backend)").split(separator: "\n").compactMap {
    line in
    let words = line.split(separator: " ")
    guard words.count > 8, words[1] == backend, let mask = Int(words[6]) else { return nil }
    // Forced maintenance is 1, forced drain 8.
    let state = mask & 1 != 0 ? "maint" : mask & 8 != 0 ? "drain" : "ready"
    return (String(words[3]), state, Int(words[7]) ?? -1)
  }
}
