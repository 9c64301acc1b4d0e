import Glibc
import Platform

/// The programs of a lab while it runs, by name. What ends by itself is started again after a while; a load balancer
/// that is reloaded is replaced by one that takes over from it.
///
/// Each is a child of this process, in a group of its own, and killed when the thread that started it ends: so a lab
/// lives on the thread of its loop.
final class RunningPrograms {
  /// The networks of nodes, where they have their own.
  var namespaces: [String: NetworkNamespace] = [:]

  private let search: ProgramSearch
  private let loop: EventLoop
  private let note: (String) -> Void
  private let onEnd: (LabCommand, ExitStatus) -> LabCommand?
  private var running: [String: ChildProcess] = [:]
  /// Load balancers of before a reload, by pid: they end when their last session does.
  private var retiring: [Int32: ChildProcess] = [:]
  private var restarts: [String: LoopTimer] = [:]
  private lazy var reloads = Reloads(on: loop)

  /// For how long a program that ended stays away: long enough to see what that does to the site.
  private static let absence = Duration.seconds(10)

  /// - Parameters:
  ///   - note: is given something to know, in words.
  ///   - onEnd: is told when one has ended by itself, and says what is started in its place; nil for nothing.
  init(
    found search: ProgramSearch, on loop: EventLoop, note: @escaping (String) -> Void,
    onEnd: @escaping (LabCommand, ExitStatus) -> LabCommand?
  ) {
    self.search = search
    self.loop = loop
    self.note = note
    self.onEnd = onEnd
  }

  func start(_ command: LabCommand) throws(LabError) {
    let process = try child(command)
    running[command.name] = process
    let pid = process.pid
    try notify(process, command.name) { [weak self] status in self?.ended(command, pid: pid, status) }
  }

  /// Ends one for now; it is not started again by itself.
  func end(_ name: String) {
    restarts[name] = nil
    guard let process = running.removeValue(forKey: name) else { return }
    process.send(SIGKILL)
    process.waitUntilExit()
  }

  func send(_ signal: Int32, to name: String) { running[name]?.send(signal) }

  /// nil where it does not run.
  func pid(of name: String) -> Int32? { running[name]?.pid }

  /// Ends all at once, and waits until they have.
  func stop() {
    restarts = [:]
    reloads.stop()
    // All first, then one after the other: letting go of a child waits for its end.
    for process in running.values { process.send(SIGKILL) }
    for process in retiring.values { process.send(SIGKILL) }
    running = [:]
    retiring = [:]
  }

  // MARK: Ends

  private func ended(_ command: LabCommand, pid: Int32, _ status: ExitStatus) {
    if retiring.removeValue(forKey: pid) != nil { return }
    guard running[command.name]?.pid == pid else { return }
    running[command.name] = nil
    reloads.forget(command.name)
    guard let next = onEnd(command, status) else { return }
    note("\(command.name) \(status.words); it is started again in \(Self.absence.components.seconds) s")
    let timer = loop.timer { [weak self] _ in self?.restart(next) }
    timer.arm(after: Self.absence)
    restarts[command.name] = timer
  }

  private func restart(_ command: LabCommand) {
    do throws(LabError) { try start(command) } catch { note(error.description) }
  }

  // MARK: Reloads

  /// Has a load balancer read its configuration again, in a new process, without losing a request.
  func reload(_ command: LabCommand, at socket: String) {
    reloads.reload(command.name, at: socket) { [weak self] in self?.succeed(command, at: socket) }
  }

  /// Starts the process that takes over from the present one.
  private func succeed(_ command: LabCommand, at socket: String) -> Int32? {
    guard let old = running[command.name] else { return nil }
    var new = command
    new.arguments += ["-x", socket, "-sf", "\(old.pid)"]
    retiring[old.pid] = old
    do throws(LabError) {
      try start(new)
      note("\(command.name) reloads")
      return running[command.name]?.pid
    } catch {
      retiring[old.pid] = nil
      note(error.description)
      return nil
    }
  }

  // MARK: Processes

  /// A process, in the network of its node, that nobody looks after.
  func child(_ command: LabCommand) throws(LabError) -> ChildProcess {
    let path = try search.path(of: command.program)
    let log = Command.Stream.log(path: "\(command.home)/\(LabPlan.log)")
    let exact = Command(
      path, command.arguments, environment: environment(home: command.home), directory: command.home,
      output: log, errors: log)
    do throws(SystemError) {
      guard let node = command.node, let namespace = namespaces[node] else { return try ChildProcess(exact) }
      return try namespace.within {
        () -> Result<ChildProcess, SystemError> in
        do throws(SystemError) { return .success(try ChildProcess(exact)) } catch { return .failure(error) }
      }.get()
    } catch {
      throw .cannotStart(name: command.name, error)
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
}
