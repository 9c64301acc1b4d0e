import Cluster
import Glibc
import Platform

/// What becomes of the programs of a site, and short commands beside them.
extension Site {
  /// What is started in place of a program that has ended by itself.
  func ended(_ command: LabCommand, _ status: ExitStatus) -> LabCommand? {
    guard serves else {
      readiness.fail(.ended(name: command.name, how: status, said: said(by: command.home)))
      return nil
    }
    if command.home.hasSuffix("/" + LabPlan.loadName), status.isSuccess {
      tell(.note("the load has ended"))
      return nil
    }
    // A reloaded one left its command behind; what is started again stands by itself.
    return allPrograms.first { $0.name == command.name }?.command ?? command
  }

  /// Has every load balancer read its configuration again, in a new process, without losing a request.
  func reload() {
    guard serves else { return }
    for node in plan.loadBalancers {
      programs.reload(plan.programs(of: node)[0].command, at: plan.statsSocket(of: node))
    }
  }

  /// Runs a short command in a node's namespace, or outside of all, and says how it ended.
  func perform(
    _ command: [String], in node: String?, done: @escaping (_ wentWell: Bool, _ said: [String]) -> Void
  ) {
    let name = "command \(tasks.count)"
    let home = "\(directory.path)/network"
    do throws(LabError) {
      let process = try programs.child(
        LabCommand(
          name: name, program: command[0], arguments: Array(command.dropFirst()), home: home, node: node))
      // What hangs, because what it asks hangs, is not waited for.
      let limit = loop.timer { _ in process.send(SIGKILL) }
      limit.arm(after: .seconds(5))
      tasks["\(name) \(process.pid)"] = process
      let pid = process.pid
      try programs.notify(process, name) { [weak self] status in
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
    listeners[path] = Probe(.connection(toSocket: path), on: loop) { [weak self] in
      // Not at once: this is called by the probe that it would let go of.
      self?.loop.later { [weak self] in if self?.listeners.removeValue(forKey: path) != nil { next() } }
    }
  }
}
