import Cluster
import Glibc
import Platform

/// The programs of a site: how they are started, and what becomes of those that end.
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

  func child(
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

  func notify(
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
    reloads.forget(program.name)
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
      reloads.reload(plan.programs(of: node)[0].name, at: plan.statsSocket(of: node)) { [weak self] in
        self?.succeed(node)
      }
    }
  }

  /// Starts the process that takes over from the present one.
  private func succeed(_ node: SitePlan.Node) -> Int32? {
    var program = plan.programs(of: node)[0]
    guard let old = running[program.name] else { return nil }
    program.arguments += ["-x", plan.statsSocket(of: node), "-sf", "\(old.pid)"]
    retiring[old.pid] = old
    do throws(LabError) {
      try start(program)
      tell(.note("\(node.name) reloads"))
      return running[program.name]?.pid
    } catch {
      retiring[old.pid] = nil
      tell(.note(error.description))
      return nil
    }
  }
}
