import CSystem
import Cluster
import Glibc

/// A program that this process started, and that ends with it.
///
/// It is reaped in any case: by its loop when it ends, by `waitUntilExit`, or, where its owner lets go of it
/// while it runs, after SIGKILL.
public final class ChildProcess {
  public let pid: Int32
  /// How it ended; nil while it runs.
  public private(set) var status: ExitStatus?

  private let pidfd: Descriptor
  private let signalsGroup: Bool
  private var loop: EventLoop?
  private var watch: Watch?
  private var killTimer: LoopTimer?
  private var onEnd: ((ExitStatus) -> Void)?

  /// Starts a program.
  ///
  /// - Throws: the error of what failed on the way: the call that opens a log, `chdir`, or `exec`.
  public init(_ command: Command) throws(SystemError) {
    signalsGroup = command.group != .inherited
    let opened = try OpenStreams(command)
    var pidfd: Int32 = -1
    var stage: Int32 = 0
    var result: Int32 = 0
    withCStrings([command.program] + command.arguments) { arguments in
      withCStrings(command.environment ?? []) { environment in
        withOptionalCString(command.directory) { directory in
          command.program.withCString { program in
            var request = tt_spawn_request()
            request.program = program
            request.arguments = arguments
            request.environment = command.environment == nil ? nil : environment
            request.directory = directory
            request.input = opened.input
            request.output = opened.output
            request.error = opened.errors
            request.group = Int32(command.group.code)
            request.network = command.network?.raw ?? -1
            request.death_signal = command.deathSignal ?? 0
            result = tt_spawn(&request, &pidfd, &stage)
          }
        }
      }
    }
    if result < 0 { throw SystemError(errno: -result, doing: stageName(stage)) }
    pid = result
    self.pidfd = Descriptor(owning: pidfd)
  }

  /// Calls `handler` once on `loop` when the program has ended; at once in its next round if it has already.
  public func notify(
    on loop: EventLoop, whenEnded handler: @escaping (ExitStatus) -> Void
  ) throws(SystemError) {
    self.loop = loop
    onEnd = handler
    if status != nil { return tellLater() }
    watch = try loop.watch(pidfd.raw, for: .reading) { [unowned self] _ in _ = reap(blocking: false) }
  }

  /// Whether it still runs, as of now.
  public var isRunning: Bool { reap(blocking: false) == nil }

  /// Waits here, blocking this thread, until the program has ended.
  @discardableResult
  public func waitUntilExit() -> ExitStatus {
    reap(blocking: true) ?? .unknown
  }

  /// Sends a signal to the program, and to its group where that is its own. Nothing where it has ended.
  public func send(_ signal: Int32) {
    // Not reaped yet, so the number is still its own.
    if status == nil { _ = kill(signalsGroup ? -pid : pid, signal) }
  }

  /// Asks it to end (SIGTERM), and kills it where it has not done so after `grace`. For programs with a loop.
  public func end(grace: Duration) {
    send(SIGTERM)
    guard let loop, killTimer == nil else { return }
    let timer = loop.timer { [unowned self] _ in send(SIGKILL) }
    timer.arm(after: grace)
    killTimer = timer
  }

  private func reap(blocking: Bool) -> ExitStatus? {
    if let status { return status }
    var raw: Int32 = 0
    let result = tt_reap(pid, blocking ? 1 : 0, &raw)
    if result == 0 { return nil }
    let ended = result > 0 ? ExitStatus(waitStatus: raw) : .unknown
    status = ended
    if let watch { loop?.unwatch(watch) }
    watch = nil
    killTimer = nil
    tellLater()
    return ended
  }

  /// Whoever finds out first that it has ended, its owner is told by the loop.
  private func tellLater() {
    if onEnd == nil { return }
    loop?.later { [weak self] in
      guard let self, let status, let onEnd else { return }
      self.onEnd = nil
      onEnd(status)
    }
  }

  deinit {
    onEnd = nil
    if status == nil {
      send(SIGKILL)
      _ = reap(blocking: true)
    }
  }
}

extension Command.Group {
  fileprivate var code: Int {
    switch self {
    case .inherited: TT_GROUP_INHERIT
    case .own: TT_GROUP_OWN
    case .session: TT_GROUP_SESSION
    }
  }
}

/// A command's streams as descriptors, with those that were opened for it.
private struct OpenStreams: ~Copyable {
  var input: Int32 = -1
  var output: Int32 = -1
  var errors: Int32 = -1
  private var opened: [Int32] = []

  init(_ command: Command) throws(SystemError) {
    input = try open(command.input, inherited: STDIN_FILENO)
    output = try open(command.output, inherited: STDOUT_FILENO)
    errors = try open(command.errors, inherited: STDERR_FILENO)
  }

  private mutating func open(_ stream: Command.Stream, inherited: Int32) throws(SystemError) -> Int32 {
    switch stream {
    case .null: return -1
    case .inherited: return inherited
    case .descriptor(let raw): return raw
    case .log(let path):
      let raw = try checked(tt_open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600), "open \(printable(path))")
      opened.append(raw)
      return raw
    }
  }

  deinit {
    for raw in opened { _ = close(raw) }
  }
}

private func stageName(_ stage: Int32) -> String {
  switch Int(stage) {
  case TT_SPAWN_DIRECTORY: "chdir"
  case TT_SPAWN_EXEC: "exec"
  case TT_SPAWN_NETWORK: "enter network namespace"
  case TT_SPAWN_SETUP: "set up"
  default: "fork"
  }
}

/// Lends the strings as C does: an array of pointers that ends with NULL.
private func withCStrings(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Void
) {
  var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
  pointers.append(nil)
  body(&pointers)
  for pointer in pointers { free(pointer) }
}

private func withOptionalCString(_ string: String?, _ body: (UnsafePointer<CChar>?) -> Void) {
  guard let string else { return body(nil) }
  string.withCString { body($0) }
}
