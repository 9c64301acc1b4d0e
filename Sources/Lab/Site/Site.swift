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
  let search: ProgramSearch
  let tell: (SiteEvent) -> Void

  var namespaces: [String: NetworkNamespace] = [:]
  var running: [String: ChildProcess] = [:]
  /// Load balancers of before a reload, by pid: they end when their last session does.
  var retiring: [Int32: ChildProcess] = [:]
  /// What makes the network and the databases' data, and short commands of faults.
  var tasks: [String: ChildProcess] = [:]
  lazy var reloads = Reloads(on: loop)
  var restarts: [String: LoopTimer] = [:]
  var probes: [String: Probe] = [:]
  /// By the load balancer whose keepalived is asked then.
  var dumps: [String: LoopTimer] = [:]
  private var watchers: [HealthWatcher] = []
  private var notices: [NoticeReader] = []
  private var deadline: LoopTimer?
  private(set) var serves = false
  /// What is played at each node.
  var faults: [String: [LabFault]] = [:]

  /// For how long a program that ended stays away: long enough to see what that does to the site.
  static let absence = Duration.seconds(10)

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
      _ = try search.path(of: program.runs)
    }
    if !plan.databases(of: .mariadb).isEmpty { _ = try search.path(of: "mariadb-install-db") }
    for file in try plan.files() { try directory.write(file) }
    for program in allPrograms { try directory.makeDirectory(program.home) }
    let deadline = loop.timer { [weak self] _ in self?.isLate() }
    deadline.arm(after: limit)
    self.deadline = deadline
    try run("network", "sh", ["\(directory.path)/network/network.sh"]) { $0.startServers() }
    if plan.hasDatabases {
      try run("databases", "sh", ["\(directory.path)/databases/databases.sh"]) { $0.startServers() }
    }
  }

  var allPrograms: [SiteProgram] {
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
          let home = plan.keepalivedHome(of: node)
          notices.append(try NoticeReader(home: home, on: loop) { [weak self] in self?.willDump(node) })
        }
        for program in plan.programs(of: node) { try start(program) }
        guard let namespace = namespaces[node.name], !plan.virtualAddresses.isEmpty else { continue }
        watchers.append(
          HealthWatcher(
            of: SitePlan.healthAddress, file: plan.healthFile(of: node), from: namespace, on: loop))
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

  func said(by home: String) -> [String] {
    directory.lastLines(of: "\(home.dropFirst(directory.path.count + 1))/\(LabPlan.log)")
  }

  private func attempt(_ work: () throws(LabError) -> Void) {
    do throws(LabError) { try work() } catch { fail(error) }
  }

  func fail(_ error: LabError) {
    // Once: what follows is only the consequence.
    guard deadline != nil else { return }
    deadline = nil
    probes = [:]
    tell(.failed(error))
  }
}
