public import Cluster
import Glibc
import Platform

/// Keeps one lab for as long as it is wanted: what `tiertop lab up` runs.
public enum LabSupervisor {
  /// For how long, and with what.
  public struct Options: Sendable, Hashable {
    /// The lab ends when this descriptor does: when nobody holds the other end of the pipe any more.
    /// nil: it stays until it is interrupted.
    public var whileDescriptor: Int32?
    /// Whether there is traffic on the site. Without, no answer is a 500 that was not asked for.
    public var load: Bool
    /// Whether it stands on plain loopback addresses, also where there could be namespaces.
    public var loopback: Bool
    /// The file that the layout was read from.
    public var origin: String?

    public init(
      whileDescriptor: Int32? = nil, load: Bool = true, loopback: Bool = false, origin: String? = nil
    ) {
      self.whileDescriptor = whileDescriptor
      self.load = load
      self.loopback = loopback
      self.origin = origin
    }
  }

  /// Stands `layout` up in network namespaces, or where there can be none on loopback addresses of this machine,
  /// prints the path of the running cluster's layout on stdout once all of it serves, and stays until SIGINT, SIGTERM
  /// or SIGHUP, or until the descriptor of `options` ends. SIGUSR1 reloads the load balancers. Nothing is left when it
  /// returns, nor after SIGKILL.
  ///
  /// To be called on the main thread, before any other is started.
  ///
  /// - Returns: the status to exit with: 0 after a regular end, else 1; what went wrong is on stderr.
  public static func run(_ layout: Layout, options: Options = Options()) -> Int32 {
    do throws(LabError) {
      if !options.loopback {
        guard let trouble = NamespaceCheck.trouble(options) else {
          return try SiteSupervisor.keep(layout, options)
        }
        say("this machine does not let it make network namespaces (\(trouble)): it stands on plain loopback")
      }
      let (plain, left) = LoopbackLayout.of(layout)
      if !left.isEmpty { say("on plain loopback there are no \(left.joined(separator: ", no "))") }
      try keep(plain, options)
      return 0
    } catch {
      say(error.description)
      return 1
    }
  }

  /// What this program was started with where it is the first process of a lab's namespaces; nil where it is not.
  ///
  /// - Returns: the status to exit with.
  public static func runInside(_ words: [String]) -> Int32? {
    words.first == SiteKeeper.word ? SiteKeeper.run(Array(words.dropFirst())) : nil
  }

  private static func keep(_ layout: Layout, _ options: Options) throws(LabError) {
    // Keys for the dashboard on the same terminal are no signals for the lab.
    if options.whileDescriptor != nil { _ = setsid() }

    let loop = try system { () throws(SystemError) in try EventLoop() }
    let claim = try LabClaim()
    let directory = try LabDirectory.make(environment: environment("XDG_RUNTIME_DIR", "TMPDIR"))
    let sweeper = try system { () throws(SystemError) in try Sweeper(of: directory) }
    defer { sweeper.sweep() }

    let plan = try LabPlan(layout: layout, network: claim.network, directory: directory.path)
    try directory.write(LabFile(name: layoutName, text: plan.layoutText))
    var failure: LabError?
    let lab = Lab(
      plan: plan, directory: directory, load: options.load ? Load() : nil,
      search: ProgramSearch(path: environment("PATH")["PATH"]), loop: loop
    ) { event in
      switch event {
      case .serves:
        announce(
          directory: plan.directory, isAlone: options.whileDescriptor == nil,
          "\(plan.title) serves at http://\(plan.entry)/ through \(names(of: plan)). Ctrl-C ends it.")
      case .failed(let error):
        failure = error
        loop.stop()
      case .note(let words):
        say(words)
      }
    }
    defer { lab.stop() }

    // A shell starts what it runs in the background with this one ignored, and an ignored one never arrives.
    _ = signal(SIGINT, SIG_DFL)
    let signals = try system { () throws(SystemError) in
      try SignalSource([SIGINT, SIGTERM, SIGHUP, SIGUSR1], on: loop) { number in
        if number == SIGUSR1 { lab.reload() } else { loop.stop() }
      }
    }
    if let descriptor = options.whileDescriptor { try stopAtEnd(of: descriptor, loop) }
    try lab.start()
    try system { () throws(SystemError) in try loop.run() }
    withExtendedLifetime(signals) {}
    withExtendedLifetime(claim) {}
    if let failure { throw failure }
  }

  static let layoutName = "layout.yaml"

  static func stopAtEnd(of descriptor: Int32, _ loop: EventLoop) throws(LabError) {
    do throws(SystemError) {
      _ = try loop.watch(descriptor, for: .reading) { _ in
        var byte: UInt8 = 0
        let count = read(descriptor, &byte, 1)
        if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { loop.stop() }
      }
    } catch {
      throw .cannotWatch(descriptor: descriptor, error)
    }
  }

  /// Says where the layout is. Who waits for that line has the end of the stream with it.
  static func announce(directory: String, isAlone: Bool, _ words: String) {
    let line = Array("\(directory)/\(layoutName)\n".utf8)
    _ = line.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    redirect(STDOUT_FILENO, to: "/dev/null")
    if isAlone {
      say(words)
    } else {
      // From now on the terminal is the dashboard's.
      redirect(STDERR_FILENO, to: "\(directory)/lab.log")
    }
  }

  private static func names(of plan: LabPlan) -> String {
    plan.loadBalancers.map(\.name).joined(separator: " and ")
  }

  static func redirect(_ descriptor: Int32, to path: String) {
    let raw = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard raw >= 0 else { return }
    dup2(raw, descriptor)
    close(raw)
  }

  static func say(_ words: String) {
    let bytes = Array("tiertop lab: \(words)\n".utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  static func environment(_ names: String...) -> [String: String] {
    var values: [String: String] = [:]
    for name in names { values[name] = getenv(name).map { String(cString: $0) } }
    return values
  }

  static func system<Value>(_ work: () throws(SystemError) -> Value) throws(LabError) -> Value {
    do throws(SystemError) { return try work() } catch { throw .system(error) }
  }
}
