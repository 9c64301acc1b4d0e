import CSystem
import Cluster
import Glibc
import LayoutFile
import Platform

/// Runs one site inside its namespaces: the first process there. When it ends, everything in them does.
enum SiteKeeper {
  /// What this program is started with in place of a command: the lab's directory, and how this process is numbered
  /// outside.
  static let word = "lab-inside"
  static let given = "given.yaml"

  /// What `unshare` is told to enter new namespaces and to go on as `run` there.
  static func command(directory: String, options: LabSupervisor.Options) -> [String] {
    // The directory may be below /run, and should stay there. /proc shows which number this process has outside,
    // before it is the lab's own.
    let script = """
      set -e
      cd /proc/self && outside=$(pwd -P)
      cd "$1"
      mount -t tmpfs -o mode=755 tmpfs /run
      case $1 in
        /run/*) mkdir -p "$1"; mount -c --bind /proc/self/cwd "$1" ;;
      esac
      cd "$1"
      mount -t proc proc /proc
      mkdir -p /run/netns
      exec "$2" \(word) "$1" "${outside#/proc/}" "$3" "$4"
      """
    return unshare
      + [
        "/bin/sh", "-c", script, "tiertop-lab", directory, RunningLabs.real("/proc/self/exe") ?? "tiertop",
        options.load ? "load" : "no-load", options.whileDescriptor == nil ? "alone" : "wanted",
      ]
  }

  /// What `unshare` is told; in user namespaces an ordinary user is root, of what belongs to the lab.
  static var unshare: [String] {
    [geteuid() == 0 ? "-nmpf" : "-Urnmpf", "--kill-child", "--propagation", "private"]
  }

  /// - Parameter words: those after `word`.
  /// - Returns: the status to exit with.
  static func run(_ words: [String]) -> Int32 {
    guard words.count == 4 else { return 2 }
    do throws(LabError) {
      try keep(
        LabDirectory(path: words[0]), pid: words[1], hasLoad: words[2] == "load", isAlone: words[3] == "alone"
      )
      return 0
    } catch {
      LabSupervisor.say(error.description)
      return 1
    }
  }

  private static func keep(
    _ directory: LabDirectory, pid: String, hasLoad: Bool, isAlone: Bool
  ) throws(LabError) {
    let layout: Layout
    do {
      layout = try LayoutFile.read(path: "\(directory.path)/\(given)")
    } catch {
      throw .system(SystemError(errno: EINVAL, doing: "read the layout"))
    }
    let loop = try LabSupervisor.system { () throws(SystemError) in try EventLoop() }
    let plan = try SitePlan(
      layout: layout, directory: directory.path, secrets: .random(), hasLoad: hasLoad)
    try directory.write(LabFile(name: LabSupervisor.layoutName, text: plan.layoutText(as: pid)))
    var failure: LabError?
    let path = getenv("PATH").map { String(cString: $0) }
    let site = Site(plan: plan, directory: directory, search: ProgramSearch(path: path), loop: loop) {
      event in
      switch event {
      case .serves:
        for note in plan.notes { LabSupervisor.say(note) }
        LabSupervisor.announce(directory: directory.path, isAlone: isAlone, words(of: plan))
      case .failed(let error):
        failure = error
        loop.stop()
      case .note(let words): LabSupervisor.say(words)
      }
    }
    let control = try LabControl(at: "\(directory.path)/\(LabControl.name)", on: loop) { words, reply in
      carryOut(words, at: site, reply)
    }
    let signals = try LabSupervisor.system { () throws(SystemError) in
      try SignalSource([SIGINT, SIGTERM, SIGHUP, SIGUSR1], on: loop) { number in
        if number == SIGUSR1 { site.reload() } else { loop.stop() }
      }
    }
    try site.start()
    try LabSupervisor.system { () throws(SystemError) in try loop.run() }
    withExtendedLifetime((signals, control)) {}
    if let failure { throw failure }
  }

  private static func words(of plan: SitePlan) -> String {
    let names = plan.loadBalancers.map(\.name).joined(separator: " and ")
    let places = plan.entries.map { "http://\($0)/" }.joined(separator: " and ")
    return "\(plan.title) serves at \(places) of its own network through \(names). Ctrl-C ends it."
  }

  private static func carryOut(
    _ words: [String], at site: Site, _ reply: @escaping (_ isGood: Bool, _ text: String) -> Void
  ) {
    let outcome: (String?) -> Void = { problem in reply(problem == nil, problem.map { $0 + "\n" } ?? "") }
    switch (words.first, words.count) {
    case ("status", 1): reply(true, site.status)
    case ("down", 1):
      reply(true, "")
      site.loop.stop()
    case ("heal", 2): site.heal(words[1], outcome: outcome)
    case ("fault", 3...4):
      site.play(words[2], words.count == 4 ? words[3] : nil, at: words[1], outcome: outcome)
    default: reply(false, "that is no command of a lab\n")
    }
  }
}
