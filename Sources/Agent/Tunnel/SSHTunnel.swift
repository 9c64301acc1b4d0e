import CSystem
import Cluster
import Glibc
import Platform

/// One OpenSSH client that forwards local unix sockets to sockets and ports of one host.
///
/// It is the user's own client with the user's own configuration, keys and known hosts, asked never to ask:
/// an unknown host key is a failure, as is a key that wants a passphrase. While the client is not there it is
/// started again, after gaps that grow to 30 s.
final class SSHTunnel {
  /// Where a local socket leads to on the host.
  enum Target: Hashable {
    case unix(path: String)
    case tcp(host: String, port: UInt16)
  }

  enum State: Equatable {
    /// The first try is not decided yet.
    case opening
    case open
    /// The client ended, or could not be started; its last words, sanitised.
    case closed(words: String)
  }

  /// Called whenever the state has become another.
  var onChange: ((State) -> Void)?
  private(set) var state = State.opening

  private let host: SSHHost
  private let directory: TunnelDirectory
  private let loop: EventLoop
  private let client: SSHClient
  private var generator: any RandomNumberGenerator
  private var locals: [(target: Target, socket: String)] = []

  private var child: ChildProcess?
  private var errors: Pipe?
  private var lastLine = LastLine()
  private var failures = 0
  private lazy var retryTimer = loop.timer { [unowned self] _ in launch() }
  private lazy var lookTimer = loop.timer { [unowned self] _ in look() }

  private final class Pipe {
    let descriptor: Descriptor
    var watch: Watch?
    init(_ raw: Int32) { descriptor = Descriptor(owning: raw) }
  }

  static let firstGap = Duration.seconds(1)
  static let longestGap = Duration.seconds(30)
  /// How often to look whether the client listens yet; it has no way to say so.
  static let lookGap = Duration.milliseconds(10)

  init(
    to host: SSHHost, in directory: TunnelDirectory, client: SSHClient, loop: EventLoop,
    generator: any RandomNumberGenerator
  ) {
    self.host = host
    self.directory = directory
    self.client = client
    self.loop = loop
    self.generator = generator
  }

  deinit { letGo() }

  /// The local socket that leads to the target. Before the start only.
  func socket(for target: Target) -> String {
    if let known = locals.first(where: { $0.target == target }) { return known.socket }
    let socket = directory.newSocket()
    locals.append((target, socket))
    return socket
  }

  /// The client that runs now.
  var clientID: Int32? { child?.pid }

  func start() { launch() }

  /// Ends the client; it is not started again.
  func stop() {
    onChange = nil
    retryTimer.disarm()
    letGo()
  }

  /// The client's last line since the tunnel was opened, where it said anything: why a target is not reached.
  func latestWords() -> String? {
    drain()
    return lastLine.text
  }

  /// Forgets what `latestWords` would say.
  func forgetWords() {
    drain()
    lastLine = LastLine()
  }

  // MARK: The client's life

  private func launch() {
    letGo()
    for local in locals { unlink(local.socket) }
    lastLine = LastLine()
    do {
      var ends: [Int32] = [-1, -1]
      if tt_pipe(&ends) < 0 { throw SystemError(errno: EMFILE, doing: "pipe") }
      let pipe = Pipe(ends[0])
      let theirs = Descriptor(owning: ends[1])
      pipe.watch = try loop.watch(pipe.descriptor.raw, for: .reading) { [unowned self] _ in drain() }
      errors = pipe
      let child = try ChildProcess(
        Command(
          client.program, client.arguments(for: host, forwards: locals), errors: .descriptor(theirs.raw),
          deathSignal: SIGTERM))
      self.child = child
      try child.notify(on: loop) { [unowned self] _ in ended() }
      lookTimer.arm(after: SSHTunnel.lookGap)
    } catch let error as SystemError {
      close(words: "\(client.program): \(error.words)")
    } catch {
      close(words: client.program)
    }
  }

  /// The client listens at all of its sockets only once it is logged in.
  private func look() {
    if locals.allSatisfy({ access($0.socket, F_OK) == 0 }) {
      failures = 0
      change(to: .open)
    } else {
      lookTimer.arm(after: SSHTunnel.lookGap)
    }
  }

  private func ended() {
    drain()
    close(words: lastLine.text ?? "ssh ended")
  }

  private func close(words: String) {
    letGo()
    let doublings = min(failures, 5)
    let gap = min(SSHTunnel.firstGap * (1 << doublings), SSHTunnel.longestGap)
    failures += 1
    retryTimer.arm(after: gap - gap * Int.random(in: 0..<512, using: &generator) / 1024)
    change(to: .closed(words: words))
  }

  private func change(to new: State) {
    if state == new { return }
    state = new
    onChange?(new)
  }

  private func letGo() {
    lookTimer.disarm()
    // Letting go of a running child kills it.
    child = nil
    if let watch = errors?.watch { loop.unwatch(watch) }
    errors = nil
  }

  private func drain() {
    guard let errors else { return }
    while true {
      var buffer = [UInt8](repeating: 0, count: 1024)
      let count = tt_read(errors.descriptor.raw, &buffer, buffer.count)
      if count > 0 {
        for byte in buffer.prefix(count) { lastLine.append(byte) }
        continue
      }
      if count == 0, let watch = errors.watch {
        // The client has closed it; its end is another event.
        loop.unwatch(watch)
        errors.watch = nil
      }
      return
    }
  }
}

/// The last line of a stream that has anything in it, cut to a length that fits an error.
struct LastLine {
  private var line: [UInt8] = []
  private var complete: [UInt8] = []

  static let limit = 200

  mutating func append(_ byte: UInt8) {
    if byte == UInt8(ascii: "\n") {
      if !line.isEmpty { complete = line }
      line = []
    } else if byte != UInt8(ascii: "\r"), line.count < LastLine.limit {
      line.append(byte)
    }
  }

  /// Sanitised; nil where nothing has come yet.
  var text: String? {
    let bytes = line.isEmpty ? complete : line
    return bytes.isEmpty ? nil : printable(bytes.span)
  }
}
