import Cluster
import Glibc
import Platform

/// A cluster that runs on this machine's loopback addresses: its programs, from their start to their end.
///
/// Everything ends with it, and with the thread of its loop.
final class Lab {
  let plan: LabPlan
  private let directory: LabDirectory
  private let load: Load?
  private let search: ProgramSearch
  private let loop: EventLoop
  private let tell: (LabEvent) -> Void

  private lazy var programs = RunningPrograms(
    found: search, on: loop, note: { [unowned self] in tell(.note($0)) },
    onEnd: { [unowned self] in ended($0, $1) })
  private lazy var readiness = Readiness(on: loop) { [unowned self] in tell(.failed($0)) }
  private(set) var serves = false

  init(
    plan: LabPlan, directory: LabDirectory, load: Load?, search: ProgramSearch, loop: EventLoop,
    tell: @escaping (LabEvent) -> Void
  ) {
    self.plan = plan
    self.directory = directory
    self.load = load
    self.search = search
    self.loop = loop
    self.tell = tell
  }

  /// Writes the configurations and begins to start the programs; what becomes of it is told.
  ///
  /// - Parameter limit: how long it may take until it serves.
  func start(within limit: Duration = .seconds(20)) throws(LabError) {
    // All that is missing is known before anything is started.
    for command in allCommands { _ = try search.path(of: command.program) }
    for file in plan.files(load: load) { try directory.write(file) }
    readiness.begin(within: limit) { [unowned self] in
      readiness.missing.map { .notServing(name: $0, what: $1, said: said(by: $0)) }
    }
    try startServers()
  }

  private var allCommands: [LabCommand] {
    plan.services.flatMap(\.servers).map(plan.command(for:)) + plan.loadBalancers.map(plan.command(for:))
      + (load == nil ? [] : [plan.commandForLoad(parent: getpid())])
  }

  // MARK: Starting, in three steps: servers, load balancers, load

  private func startServers() throws(LabError) {
    let servers = plan.services.flatMap(\.servers)
    for server in servers { try programs.start(plan.command(for: server)) }
    for server in servers {
      ask(server.name, .page("/healthz", at: server.address)) { $0.startLoadBalancers() }
    }
  }

  private func startLoadBalancers() {
    readiness.attempt { () throws(LabError) in
      for loadBalancer in plan.loadBalancers { try programs.start(plan.command(for: loadBalancer)) }
    }
    // Every tier through every load balancer, and every stats socket.
    for loadBalancer in plan.loadBalancers {
      ask(loadBalancer.name, .page("/", at: loadBalancer.address)) { $0.startLoad() }
      ask("\(loadBalancer.name)'s stats socket", .socket(loadBalancer.socket)) { $0.startLoad() }
    }
    for service in plan.services.dropFirst() {
      ask("the load balancers' \(service.frontend)", .page("/healthz", at: service.front)) { $0.startLoad() }
    }
  }

  private func startLoad() {
    readiness.attempt { () throws(LabError) in
      if load != nil { try programs.start(plan.commandForLoad(parent: getpid())) }
    }
    guard readiness.isUnderWay else { return }
    readiness.end()
    serves = true
    tell(.serves)
  }

  private func ask(_ name: String, _ question: Probe.Question, then next: @escaping (Lab) -> Void) {
    readiness.ask(name, question) { [weak self] in
      if let self { next(self) }
    }
  }

  // MARK: Running

  /// What is started in place of a program that has ended by itself.
  private func ended(_ command: LabCommand, _ status: ExitStatus) -> LabCommand? {
    guard serves else {
      readiness.fail(.ended(name: command.name, how: status, said: said(by: command.name)))
      return nil
    }
    if command.name == LabPlan.loadName, status.isSuccess {
      tell(.note("the load has ended, as it does after \(load?.limit ?? .zero)"))
      return nil
    }
    // A reloaded one left its command behind; what is started again stands by itself.
    return allCommands.first { $0.name == command.name } ?? command
  }

  private func said(by name: String) -> [String] { directory.lastLines(of: "\(name)/\(LabPlan.log)") }

  /// Has every load balancer read its configuration again, in a new process, without losing a request.
  func reload() {
    guard serves else { return }
    for loadBalancer in plan.loadBalancers {
      programs.reload(plan.command(for: loadBalancer), at: loadBalancer.socket)
    }
  }

  /// Ends all programs at once, and waits until they have.
  func stop() {
    readiness.end()
    programs.stop()
  }
}
