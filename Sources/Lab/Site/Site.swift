import Cluster
import Glibc
import Platform

/// A site that runs in the namespaces of this process: its network and programs, from their start to their end.
///
/// Everything ends with this process, which is the first of its process namespace.
final class Site {
  let plan: SitePlan
  let directory: LabDirectory
  let loop: EventLoop
  private let search: ProgramSearch
  private let tell: (SiteEvent) -> Void

  private var namespaces: [String: NetworkNamespace] = [:]
  private var running: [String: ChildProcess] = [:]
  /// Load balancers of before a reload, by pid: they end when their last session does.
  private var retiring: [Int32: ChildProcess] = [:]
  /// What makes the network and the databases' data, and short commands of faults.
  private var tasks: [String: ChildProcess] = [:]
  private var restarts: [String: LoopTimer] = [:]
  private var probes: [String: Probe] = [:]
  private var watchers: [HealthWatcher] = []
  private var notices: [NoticeReader] = []
  private var deadline: LoopTimer?
  private(set) var serves = false
  /// What is played at each node.
  var faults: [String: [LabFault]] = [:]

  /// For how long a program that ended stays away: long enough to see what that does to the site.
  private static let absence = Duration.seconds(10)

  init(
    plan: SitePlan, directory: LabDirectory, search: ProgramSearch, loop: EventLoop,
    tell: @escaping (SiteEvent) -> Void
  ) {
    self.plan = plan
    self.directory = directory
    self.search = search
    self.loop = loop
    self.tell = tell
  }

  /// Writes the configurations and begins to start the programs; what becomes of it is told.
  ///
  /// - Parameter limit: how long it may take until it serves.
  func start(within limit: Duration = .seconds(30)) throws(LabError) {
    // All that is missing is known before anything is started.
    for program in allPrograms {
      _ = try search.path(of: program.program)
      if program.program == "unshare" {
        _ = try search.path(of: program.arguments[SitePlan.plainUser.count])
      }
    }
    if !plan.databases(of: .mariadb).isEmpty { _ = try search.path(of: "mariadb-install-db") }
    for file in plan.files() { try directory.write(file) }
    for program in allPrograms { try directory.makeDirectory(program.home) }
    let deadline = loop.timer { [weak self] _ in self?.isLate() }
    deadline.arm(after: limit)
    self.deadline = deadline
    try run("network", "sh", ["\(directory.path)/network/network.sh"]) { $0.startServers() }
    if plan.hasDatabases {
      try run("databases", "sh", ["\(directory.path)/databases/databases.sh"]) { $0.startServers() }
    }
  }

  private var allPrograms: [SiteProgram] {
    plan.nodes.flatMap { plan.programs(of: $0) } + [plan.nameServerProgram].compactMap { $0 }
      + [plan.loadProgram(parent: getpid())].compactMap { $0 }
  }

  // MARK: Starting: network and data, servers, load balancers, load

  /// Runs a script to its end; `next` follows where it went well.
  private func run(
    _ name: String, _ program: String, _ arguments: [String], next: @escaping (Site) -> Void
  ) throws(LabError) {
    let home = "\(directory.path)/\(name)"
    let process = try child(program, arguments, home: home, in: nil, name: name)
    tasks[name] = process
    try notify(process, name) { [weak self] status in
      guard let self, tasks.removeValue(forKey: name) != nil else { return }
      if status.isSuccess { return next(self) }
      fail(.ended(name: "the script of the \(name)", how: status, said: said(by: home)))
    }
  }

  private func startServers() {
    // What is there is started; the databases' data may take a little longer than the network.
    guard tasks["network"] == nil else { return }
    attempt { () throws(LabError) in
      if namespaces.isEmpty { try openNamespaces() }
      let isReady = tasks["databases"] == nil
      for node in plan.nodes where node.program != .haproxy {
        let waits = SitePlan.databasePrograms.contains(node.program) && !isReady
        if running[node.name] == nil && !waits {
          for program in plan.programs(of: node) { try start(program) }
          ask(node.name, question(of: node), from: node.name) { $0.startBalancers() }
        }
      }
      if let server = plan.nameServerProgram, running[server.name] == nil { try start(server) }
    }
  }

  private func openNamespaces() throws(LabError) {
    for name in [SitePlan.router] + SiteNetwork.places(of: plan).map(\.name) {
      do throws(SystemError) {
        namespaces[name] = try NetworkNamespace(path: "/run/netns/\(name)")
      } catch {
        throw .system(error)
      }
    }
  }

  private func question(of node: SitePlan.Node) -> Probe.Question {
    switch node.program {
    case .mariadb: .greeting(DatabaseConfiguration.socket(of: node, in: plan))
    case .phpFPM, .postgresql: .connection(to: node.address)
    default: .page("/healthz", at: node.address)
    }
  }

  private func startBalancers() {
    guard tasks.isEmpty, watchers.isEmpty else { return }
    attempt { () throws(LabError) in
      for node in plan.loadBalancers {
        if !plan.virtualAddresses.isEmpty {
          notices.append(try NoticeReader(home: plan.keepalivedHome(of: node), on: loop))
        }
        for program in plan.programs(of: node) { try start(program) }
        guard let namespace = namespaces[node.name], !plan.virtualAddresses.isEmpty else { continue }
        watchers.append(
          HealthWatcher(
            of: SocketAddress(host: node.address.host, port: plan.port), file: plan.healthFile(of: node),
            from: namespace, on: loop))
      }
    }
    for node in plan.loadBalancers {
      ask("\(node.name)'s stats socket", .socket(plan.statsSocket(of: node)), from: node.name) {
        $0.startLoad()
      }
    }
    for entry in plan.entries {
      ask("the site at \(entry)", .page("/healthz", at: entry), from: SitePlan.client) { $0.startLoad() }
    }
    for group in plan.balanced.dropFirst() where plan.isInner(group) {
      let address = SocketAddress(host: plan.entries[0].host, port: group.port)
      ask("\(group.name) at \(address)", .page("/healthz", at: address), from: plan.loadBalancers[0].name) {
        $0.startLoad()
      }
    }
  }

  private func startLoad() {
    guard deadline != nil else { return }
    attempt { () throws(LabError) in
      if let load = plan.loadProgram(parent: getpid()) { try start(load) }
    }
    deadline = nil
    serves = true
    tell(.serves)
  }

  /// Asks until the answer is good; the last one of all that are asked at a time goes on with `next`.
  private func ask(
    _ name: String, _ question: Probe.Question, from place: String, next: @escaping (Site) -> Void
  ) {
    probes[name] = Probe(question, from: namespaces[place], on: loop) { [weak self] in
      guard let self else { return }
      // Not at once: this is called by the probe that it would let go of.
      loop.later { [weak self] in
        guard let self, probes.removeValue(forKey: name) != nil, probes.isEmpty else { return }
        next(self)
      }
    }
  }

  private func isLate() {
    if let name = tasks.keys.min() {
      return fail(.notServing(name: "the script of the \(name)", what: "it runs", said: []))
    }
    guard let (name, probe) = probes.min(by: { $0.key < $1.key }) else { return }
    fail(.notServing(name: name, what: probe.last, said: said(by: "\(directory.path)/\(name)")))
  }

  private func said(by home: String) -> [String] {
    directory.lastLines(of: "\(home.dropFirst(directory.path.count + 1))/\(LabPlan.log)")
  }

  private func attempt(_ work: () throws(LabError) -> Void) {
    do throws(LabError) { try work() } catch { fail(error) }
  }

  private func fail(_ error: LabError) {
    // Once: what follows is only the consequence.
    guard deadline != nil else { return }
    deadline = nil
    probes = [:]
    tell(.failed(error))
  }
}

// MARK: Programs

extension Site {
  /// Starts a program of a node; where it ends by itself, it is started again.
  func start(_ program: SiteProgram) throws(LabError) {
    let process = try child(
      program.program, program.arguments, home: program.home, in: program.node, name: program.name)
    running[program.name] = process
    let pid = process.pid
    try notify(process, program.name) { [weak self] status in self?.ended(program, pid: pid, status) }
  }

  /// Ends a program for now; it is not started again by itself.
  func end(_ program: SiteProgram) {
    restarts[program.name] = nil
    guard let process = running.removeValue(forKey: program.name) else { return }
    process.send(SIGKILL)
    process.waitUntilExit()
  }

  /// Sends a signal to all programs of a node.
  func send(_ signal: Int32, to node: SitePlan.Node) {
    for program in plan.programs(of: node) where program.part == .main { running[program.name]?.send(signal) }
  }

  func isRunning(_ program: SiteProgram) -> Bool { running[program.name] != nil }

  func pid(of program: SiteProgram) -> Int32? { running[program.name]?.pid }

  /// Runs a short command in a node's namespace, or outside of all, and says how it ended.
  func perform(
    _ command: [String], in node: String?, done: @escaping (_ wentWell: Bool, _ said: [String]) -> Void
  ) {
    let name = "command \(tasks.count)"
    let home = "\(directory.path)/network"
    do throws(LabError) {
      let process = try child(command[0], Array(command.dropFirst()), home: home, in: node, name: name)
      // What hangs, because what it asks hangs, is not waited for.
      let limit = loop.timer { _ in process.send(SIGKILL) }
      limit.arm(after: .seconds(5))
      tasks["\(name) \(process.pid)"] = process
      let pid = process.pid
      try notify(process, name) { [weak self] status in
        withExtendedLifetime(limit) {}
        guard let self, tasks.removeValue(forKey: "\(name) \(pid)") != nil else { return }
        done(status.isSuccess, status.isSuccess ? [] : said(by: home))
      }
    } catch {
      done(false, [error.description])
    }
  }

  /// Waits until somebody listens at a unix socket.
  func whenListening(at path: String, then next: @escaping () -> Void) {
    probes[path] = Probe(.connection(toSocket: path), on: loop) { [weak self] in
      self?.loop.later { [weak self] in if self?.probes.removeValue(forKey: path) != nil { next() } }
    }
  }

  private func child(
    _ program: String, _ arguments: [String], home: String, in node: String?, name: String
  ) throws(LabError) -> ChildProcess {
    let path = try search.path(of: program)
    let log = Command.Stream.log(path: "\(home)/\(LabPlan.log)")
    let command = Command(
      path, arguments, environment: environment(home: home), directory: home, output: log, errors: log)
    do throws(SystemError) {
      guard let node, let namespace = namespaces[node] else { return try ChildProcess(command) }
      return try namespace.within {
        () -> Result<ChildProcess, SystemError> in
        do throws(SystemError) { return .success(try ChildProcess(command)) } catch { return .failure(error) }
      }.get()
    } catch {
      throw .cannotStart(name: name, error)
    }
  }

  private func notify(
    _ process: ChildProcess, _ name: String, whenEnded: @escaping (ExitStatus) -> Void
  ) throws(LabError) {
    do throws(SystemError) {
      try process.notify(on: loop, whenEnded: whenEnded)
    } catch {
      throw .cannotStart(name: name, error)
    }
  }

  /// Nothing of the user's own: settings for Python or Gunicorn would change what the lab is.
  private func environment(home: String) -> [String] {
    [
      "PATH=" + search.directories.joined(separator: ":"), "HOME=\(home)", "TMPDIR=\(home)", "LANG=C.UTF-8",
      "PYTHONDONTWRITEBYTECODE=1",
    ]
  }

  private func ended(_ program: SiteProgram, pid: Int32, _ status: ExitStatus) {
    if retiring.removeValue(forKey: pid) != nil { return }
    guard running[program.name]?.pid == pid else { return }
    running[program.name] = nil
    guard serves else {
      return fail(.ended(name: program.name, how: status, said: said(by: program.home)))
    }
    if program.home.hasSuffix("/" + LabPlan.loadName), status.isSuccess {
      return tell(.note("the load has ended"))
    }
    tell(
      .note("\(program.name) \(status.words); it is started again in \(Self.absence.components.seconds) s"))
    let plain = allPrograms.first { $0.name == program.name } ?? program
    let timer = loop.timer { [weak self] _ in self?.restart(plain) }
    timer.arm(after: Self.absence)
    restarts[program.name] = timer
  }

  private func restart(_ program: SiteProgram) {
    do throws(LabError) { try start(program) } catch { tell(.note(error.description)) }
  }

  /// Has every load balancer read its configuration again, in a new process, without losing a request.
  func reload() {
    guard serves else { return }
    for node in plan.loadBalancers {
      var program = plan.programs(of: node)[0]
      guard let old = running[program.name] else { continue }
      program.arguments += ["-x", plan.statsSocket(of: node), "-sf", "\(old.pid)"]
      retiring[old.pid] = old
      do throws(LabError) {
        try start(program)
        tell(.note("\(node.name) reloads"))
      } catch {
        retiring[old.pid] = nil
        tell(.note(error.description))
      }
    }
  }
}
