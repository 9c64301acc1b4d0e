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
  let tell: (LabEvent) -> Void

  private(set) lazy var programs = RunningPrograms(
    found: search, on: loop, note: { [unowned self] in tell(.note($0)) },
    onEnd: { [unowned self] in ended($0, $1) })
  private(set) lazy var readiness = Readiness(on: loop) { [unowned self] in tell(.failed($0)) }
  /// What makes the network and the databases' data, and short commands of faults.
  var tasks: [String: ChildProcess] = [:]
  /// Sockets at which somebody is waited for.
  var listeners: [String: Probe] = [:]
  /// By the load balancer whose keepalived is asked then.
  var dumps: [String: LoopTimer] = [:]
  private var watchers: [HealthWatcher] = []
  /// What the keepalived of each load balancer says, by the load balancer's name.
  private(set) var notices: [String: NoticeReader] = [:]
  private(set) var serves = false
  /// What is played at each node.
  var faults: [String: [LabFault]] = [:]

  init(
    plan: SitePlan, directory: LabDirectory, search: ProgramSearch, loop: EventLoop,
    tell: @escaping (LabEvent) -> Void
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
    readiness.begin(within: limit) { [unowned self] in isLate }
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
    let process = try programs.child(
      LabCommand(name: name, program: program, arguments: arguments, home: home))
    tasks[name] = process
    try programs.notify(process, name) { [weak self] status in
      guard let self, tasks.removeValue(forKey: name) != nil else { return }
      if status.isSuccess { return next(self) }
      readiness.fail(.ended(name: "the script of the \(name)", how: status, said: said(by: home)))
    }
  }

  private func startServers() {
    // What is there is started; the databases' data may take a little longer than the network.
    guard tasks["network"] == nil else { return }
    readiness.attempt { () throws(LabError) in
      if programs.namespaces.isEmpty { try openNamespaces() }
      let isReady = tasks["databases"] == nil
      for node in plan.nodes where node.program != .haproxy {
        let waits = SitePlan.databasePrograms.contains(node.program) && !isReady
        if programs.pid(of: node.name) == nil && !waits {
          for program in plan.programs(of: node) { try programs.start(program.command) }
          ask(node.name, question(of: node), from: node.name) { $0.startBalancers() }
        }
      }
      if let server = plan.nameServerProgram, programs.pid(of: server.name) == nil {
        try programs.start(server.command)
      }
    }
  }

  private func openNamespaces() throws(LabError) {
    for name in [SitePlan.router] + SiteNetwork.places(of: plan).map(\.name) {
      do throws(SystemError) {
        programs.namespaces[name] = try NetworkNamespace(path: "/run/netns/\(name)")
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
    readiness.attempt { () throws(LabError) in
      for node in plan.loadBalancers {
        if !plan.virtualAddresses.isEmpty {
          let home = plan.keepalivedHome(of: node)
          notices[node.name] = try NoticeReader(home: home, on: loop) { [weak self] in
            self?.willDump(node)
            self?.askForPages()
          }
        }
        for program in plan.programs(of: node) { try programs.start(program.command) }
        guard let namespace = programs.namespaces[node.name], !plan.virtualAddresses.isEmpty else { continue }
        watchers.append(
          HealthWatcher(
            of: SitePlan.healthAddress, file: plan.healthFile(of: node), from: namespace, on: loop))
      }
    }
    for node in plan.loadBalancers {
      ask("\(node.name)'s stats socket", .socket(plan.statsSocket(of: node)), from: node.name) {
        $0.askForPages()
      }
    }
  }

  /// Asks for the site's pages as a client does, once all load balancers run and each has its addresses.
  private func askForPages() {
    guard readiness.isUnderWay, readiness.missing == nil, plan.loadBalancers.allSatisfy(hasItsAddresses)
    else { return }
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
    readiness.attempt { () throws(LabError) in
      if let load = plan.loadProgram(parent: getpid()) { try programs.start(load.command) }
    }
    guard readiness.isUnderWay else { return }
    readiness.end()
    serves = true
    tell(.serves)
  }

  private func ask(
    _ name: String, _ question: Probe.Question, from place: String, then next: @escaping (Site) -> Void
  ) {
    readiness.ask(name, question, from: programs.namespaces[place]) { [weak self] in
      if let self { next(self) }
    }
  }

  private var isLate: LabError? {
    if let name = tasks.keys.min() {
      return .notServing(name: "the script of the \(name)", what: "it runs", said: [])
    }
    if let (name, what) = readiness.missing {
      return .notServing(name: name, what: what, said: said(by: "\(directory.path)/\(name)"))
    }
    return plan.loadBalancers.first { !hasItsAddresses($0) }.map {
      .notServing(
        name: "\($0.name)'s keepalived", what: "the virtual addresses are not where they are at home",
        said: said(by: plan.keepalivedHome(of: $0)))
    }
  }

  func said(by home: String) -> [String] {
    directory.lastLines(of: "\(home.dropFirst(directory.path.count + 1))/\(LabPlan.log)")
  }
}
