import CSystem
import Cluster
import Glibc
import LayoutFile
import Platform

/// Keeps one site in namespaces for as long as it is wanted, from outside of them: holds its directory, and ends it.
enum SiteSupervisor {
  /// - Returns: the status to exit with; what went wrong inside has been said there.
  static func keep(_ layout: Layout, _ options: LabSupervisor.Options) throws(LabError) -> Int32 {
    // Keys for the dashboard on the same terminal are no signals for the lab.
    if options.whileDescriptor != nil { _ = setsid() }
    let loop = try LabSupervisor.system { () throws(SystemError) in try EventLoop() }
    // What cannot be stood up is known before anything is made.
    _ = try SitePlan(layout: layout, directory: "/", secrets: .random())
    let directory = try LabDirectory.make(
      environment: LabSupervisor.environment("XDG_RUNTIME_DIR", "TMPDIR"))
    let sweeper = try LabSupervisor.system { () throws(SystemError) in try Sweeper(of: directory) }
    defer { sweeper.sweep() }
    try directory.write(LabFile(name: SiteKeeper.given, text: LayoutFile.text(of: layout)))
    let origin = options.origin.flatMap(RunningLabs.real) ?? ""
    try directory.write(LabFile(name: RunningLabs.origin, text: origin + "\n"))

    _ = signal(SIGINT, SIG_DFL)
    let search = ProgramSearch(path: LabSupervisor.environment("PATH")["PATH"])
    let path = try search.path(of: "unshare")
    var status: Int32 = 0
    var inside: ChildProcess?
    defer {
      // The first of its namespace ends with `unshare`, and all others with the first.
      inside?.send(SIGKILL)
      inside?.waitUntilExit()
    }
    var isEnding = false
    let signals = try LabSupervisor.system { () throws(SystemError) in
      try SignalSource([SIGINT, SIGTERM, SIGHUP, SIGUSR1], on: loop) { number in
        if number == SIGUSR1 {
          if let inside { reload(inside) }
        } else {
          isEnding = true
          loop.stop()
        }
      }
    }
    if let descriptor = options.whileDescriptor {
      try LabSupervisor.stopAtEnd(of: descriptor, loop)
    }
    // `unshare` stays, and holds what it is given: so who waits for the layout's path is told from here, and has the
    // end of the stream with it.
    var ends: [Int32] = [-1, -1]
    try LabSupervisor.system { () throws(SystemError) in
      let result = tt_pipe(&ends)
      if result < 0 { throw SystemError(errno: -result, doing: "pipe") }
    }
    let answer = Descriptor(owning: ends[0])
    let question = ends[1]
    defer { close(question) }
    let child = try LabSupervisor.system { () throws(SystemError) in
      let child = try ChildProcess(
        Command(
          path, SiteKeeper.command(directory: directory.path, options: options),
          output: .descriptor(question),
          errors: .inherited))
      try child.notify(on: loop) { ended in
        if !isEnding, !ended.isSuccess { status = 1 }
        loop.stop()
      }
      return child
    }
    inside = child
    try LabSupervisor.system { () throws(SystemError) in
      var watch: Watch?
      watch = try loop.watch(answer.raw, for: .reading) { _ in
        var line = [UInt8](repeating: 0, count: 256)
        let count = read(answer.raw, &line, line.count)
        if count > 0 { _ = line.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, count) } }
        LabSupervisor.redirect(STDOUT_FILENO, to: "/dev/null")
        if options.whileDescriptor != nil { LabSupervisor.redirect(STDERR_FILENO, to: "/dev/null") }
        if let watch { loop.unwatch(watch) }
      }
    }
    try LabSupervisor.system { () throws(SystemError) in try loop.run() }
    withExtendedLifetime(signals) {}
    return status
  }

  /// Has who keeps the site reload it: the only child of `unshare`, which itself would end at the signal.
  private static func reload(_ unshare: ChildProcess) {
    guard let file = fopen("/proc/\(unshare.pid)/task/\(unshare.pid)/children", "r") else { return }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 16)
    guard fgets(&text, Int32(text.count), file) != nil else { return }
    let child = strtol(text, nil, 10)
    if child > 1 { kill(pid_t(child), SIGUSR1) }
  }
}
