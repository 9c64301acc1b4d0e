import Cluster
import Glibc
import Platform

/// A cluster that runs on this machine: its programs, from their start to their end.
///
/// Everything ends with it. The programs are its children, each in a group of its own, and are killed when the
/// thread that started them ends; so a lab lives on the thread of its loop.
final class Lab {
  /// What it tells its owner, on the loop.
  enum Event {
    /// All of it serves.
    case serves
    /// It will never serve.
    case failed(LabError)
    /// Something to know, in words: a program ended and will be started again.
    case note(String)
  }

  let plan: LabPlan
  private let directory: LabDirectory
  private let load: Load?
  private let search: ProgramSearch
  private let loop: EventLoop
  private let tell: (Event) -> Void

  private var programs: [String: ChildProcess] = [:]
  /// Load balancers of before a reload, by pid: they end when their last session does.
  private var retiring: [Int32: ChildProcess] = [:]
  private lazy var reloads = Reloads(on: loop)
  private var restarts: [String: LoopTimer] = [:]
  private var probes: [String: Probe] = [:]
  private var deadline: LoopTimer?
  private(set) var serves = false

  /// For how long a program that ended stays away: long enough to see what that does to the site.
  private static let absence = Duration.seconds(10)

  init(
    plan: LabPlan, directory: LabDirectory, load: Load?, search: ProgramSearch, loop: EventLoop,
    tell: @escaping (Event) -> Void
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
    let deadline = loop.timer { [weak self] _ in self?.isLate() }
    deadline.arm(after: limit)
    self.deadline = deadline
    try startServers()
  }

  private var allCommands: [LabCommand] {
    plan.services.flatMap(\.servers).map(plan.command(for:)) + plan.loadBalancers.map(plan.command(for:))
      + (load == nil ? [] : [plan.commandForLoad(parent: getpid())])
  }

  // MARK: Starting, in three steps: servers, load balancers, load

  private func startServers() throws(LabError) {
    let servers = plan.services.flatMap(\.servers)
    for server in servers { try start(plan.command(for: server)) }
    for server in servers {
      ask(server.name, .page("/healthz", at: server.address)) { $0.startLoadBalancers() }
    }
  }

  private func startLoadBalancers() {
    attempt { () throws(LabError) in
      for loadBalancer in plan.loadBalancers { try start(plan.command(for: loadBalancer)) }
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
    attempt { () throws(LabError) in
      if load != nil { try start(plan.commandForLoad(parent: getpid())) }
    }
    guard deadline != nil else { return }
    deadline = nil
    serves = true
    tell(.serves)
  }

  /// Asks until the answer is good; the last one of all that are asked at a time goes on with `next`.
  private func ask(_ name: String, _ question: Probe.Question, next: @escaping (Lab) -> Void) {
    probes[name] = Probe(question, on: loop) { [weak self] in
      guard let self else { return }
      // Not at once: this is called by the probe that it would let go of.
      loop.later { [weak self] in
        guard let self, probes.removeValue(forKey: name) != nil, probes.isEmpty else { return }
        next(self)
      }
    }
  }

  private func isLate() {
    guard let (name, probe) = probes.min(by: { $0.key < $1.key }) else { return }
    fail(.notServing(name: name, what: probe.last, said: directory.lastLines(of: "\(name)/\(LabPlan.log)")))
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

  // MARK: Programs

  private func start(_ command: LabCommand) throws(LabError) {
    let path = try search.path(of: command.program)
    let home = "\(directory.path)/\(command.name)"
    let log = Command.Stream.log(path: "\(home)/\(LabPlan.log)")
    do throws(SystemError) {
      let process = try ChildProcess(
        Command(
          path, command.arguments, environment: environment(home: home), directory: home, output: log,
          errors: log))
      let pid = process.pid
      try process.notify(on: loop) { [weak self] status in self?.ended(command, pid: pid, status) }
      programs[command.name] = process
    } catch {
      throw .cannotStart(name: command.name, error)
    }
  }

  /// Nothing of the user's own: settings for Python or Gunicorn would change what the lab is.
  private func environment(home: String) -> [String] {
    [
      "PATH=" + search.directories.joined(separator: ":"), "HOME=\(home)", "TMPDIR=\(home)", "LANG=C.UTF-8",
      "PYTHONDONTWRITEBYTECODE=1",
    ]
  }

  private func ended(_ command: LabCommand, pid: Int32, _ status: ExitStatus) {
    if retiring.removeValue(forKey: pid) != nil { return }
    guard programs[command.name]?.pid == pid else { return }
    programs[command.name] = nil
    reloads.forget(command.name)
    guard serves else {
      let said = directory.lastLines(of: "\(command.name)/\(LabPlan.log)")
      return fail(.ended(name: command.name, how: status, said: said))
    }
    if command.name == LabPlan.loadName, status.isSuccess {
      return tell(.note("the load has ended, as it does after \(load?.limit ?? .zero)"))
    }
    tell(
      .note("\(command.name) \(status.words); it is started again in \(Self.absence.components.seconds) s"))
    // A reloaded one left its command behind; what is started again stands by itself.
    let plain = allCommands.first { $0.name == command.name } ?? command
    let timer = loop.timer { [weak self] _ in self?.restart(plain) }
    timer.arm(after: Self.absence)
    restarts[command.name] = timer
  }

  private func restart(_ command: LabCommand) {
    do throws(LabError) { try start(command) } catch { tell(.note(error.description)) }
  }

  /// Has every load balancer read its configuration again, in a new process, without losing a request.
  func reload() {
    guard serves else { return }
    for loadBalancer in plan.loadBalancers {
      reloads.reload(loadBalancer.name, at: loadBalancer.socket) { [weak self] in self?.succeed(loadBalancer)
      }
    }
  }

  /// Starts the process that takes over from the present one.
  private func succeed(_ loadBalancer: LabPlan.LoadBalancer) -> Int32? {
    guard let old = programs[loadBalancer.name] else { return nil }
    retiring[old.pid] = old
    do throws(LabError) {
      try start(plan.command(forReloadOf: loadBalancer, from: old.pid))
      tell(.note("\(loadBalancer.name) reloads"))
      return programs[loadBalancer.name]?.pid
    } catch {
      retiring[old.pid] = nil
      tell(.note(error.description))
      return nil
    }
  }

  /// Ends all programs at once, and waits until they have.
  func stop() {
    deadline = nil
    probes = [:]
    restarts = [:]
    reloads.stop()
    // All first, then one after the other: letting go of a child waits for its end.
    for process in programs.values { process.send(SIGKILL) }
    for process in retiring.values { process.send(SIGKILL) }
    programs = [:]
    retiring = [:]
  }
}
