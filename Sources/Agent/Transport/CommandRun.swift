import CSystem
import Cluster
import Glibc
import Platform

/// A program that is run for what it prints. Those who ask at about the same time share one run.
final class CommandRun {
  /// What to run.
  struct Question: Hashable {
    var program: String
    var arguments: [String]
    /// Whether it is the OpenSSH client, whose own failures are those of the way.
    var isRemote = false
  }

  /// What the latest run printed.
  private(set) var output: ReplyBuffer

  private let question: Question
  private let network: NetworkNamespace?
  private let loop: EventLoop
  private var child: ChildProcess?
  private var outputPipe: Pipe?
  private var errorPipe: Pipe?
  private var errors: [UInt8] = []
  private var status: ExitStatus?
  private var latest: (began: Uptime, result: Result<Void, ReadFailure>)?
  private var began = Uptime(nanoseconds: 0)
  private var deadline: Deadline?
  private var waiting: [ObjectIdentifier: (Result<Void, ReadFailure>) -> Void] = [:]
  private lazy var deadlineTimer = loop.timer { [unowned self] _ in deadlineHasCome() }

  private final class Pipe {
    let descriptor: Descriptor
    var watch: Watch?
    init(_ raw: Int32) { descriptor = Descriptor(owning: raw) }
  }

  /// So much of what it says of errors is kept.
  static let errorLimit = 4096

  init(_ question: Question, within network: NetworkNamespace?, limit: Int, loop: EventLoop) {
    self.question = question
    self.network = network
    self.loop = loop
    output = ReplyBuffer(limit: limit)
  }

  deinit { letGo() }

  /// Calls `ended` once with how it ended, never before this returns; at the deadline the program is killed.
  func ask(for asker: AnyObject, deadline: Deadline, _ ended: @escaping (Result<Void, ReadFailure>) -> Void) {
    waiting[ObjectIdentifier(asker)] = ended
    if child != nil { return }
    // What is as new as this is what a run of its own would have printed.
    if let latest, loop.now.uptime - latest.began < deadline.after / 4 {
      return loop.later { [weak self] in
        if self?.child == nil { self?.tell(latest.result) }
      }
    }
    start(deadline)
  }

  /// Somebody is no longer interested; a program that nobody waits for is killed.
  func stopWaiting(_ asker: AnyObject) {
    waiting[ObjectIdentifier(asker)] = nil
    if waiting.isEmpty { letGo() }
  }

  private func start(_ deadline: Deadline) {
    output.clear()
    errors = []
    status = nil
    latest = nil
    began = loop.now.uptime
    self.deadline = deadline
    do {
      let (theirOutput, theirErrors) = (try pipe(\.outputPipe), try pipe(\.errorPipe))
      let child = try ChildProcess(
        Command(
          question.program, question.arguments, output: .descriptor(theirOutput.raw),
          errors: .descriptor(theirErrors.raw), network: network))
      self.child = child
      try child.notify(on: loop) { [unowned self] status in
        self.status = status
        look()
      }
      deadlineTimer.arm(at: deadline.at)
    } catch {
      let failure: ReadFailure =
        error.doing == "exec"
        ? .command(words: "\(question.program): \(error.words)")
        : .system(errno: error.errno, doing: error.doing)
      letGo()
      loop.later { [weak self] in self?.tell(.failure(failure)) }
    }
  }

  /// - Returns: the end of the program.
  private func pipe(_ place: ReferenceWritableKeyPath<CommandRun, Pipe?>) throws(SystemError) -> Owner {
    var ends: [Int32] = [-1, -1]
    let result = tt_pipe(&ends)
    if result < 0 { throw SystemError(errno: -result, doing: "pipe") }
    let ours = Pipe(ends[0])
    let theirs = Owner(ends[1])
    ours.watch = try loop.watch(ends[0], for: .reading) { [unowned self] _ in read() }
    self[keyPath: place] = ours
    return theirs
  }

  /// Closes the program's end here, once it has it.
  private final class Owner {
    private let descriptor: Descriptor
    var raw: Int32 { descriptor.raw }
    init(_ raw: Int32) { descriptor = Descriptor(owning: raw) }
  }

  private func read() {
    if let raw = errorPipe?.descriptor.raw {
      var bytes = [UInt8](repeating: 0, count: 1024)
      // More than a program has to say is taken and forgotten, so that it does not wait.
      for _ in 0..<16 {
        let count = tt_read(raw, &bytes, bytes.count)
        if count > 0 {
          errors += bytes.prefix(min(count, CommandRun.errorLimit - errors.count))
          continue
        }
        if count == 0 { close(&errorPipe) }
        break
      }
    }
    if let raw = outputPipe?.descriptor.raw {
      for _ in 0..<16 {
        let count = output.fill { tt_read(raw, $0.baseAddress, $0.count) }
        if output.isOverLimit { return end(.failure(.tooLarge(limit: output.limit))) }
        if count > 0 { continue }
        if count == 0 { close(&outputPipe) }
        break
      }
    }
    look()
  }

  /// It is over once it has ended, and all that it printed is here.
  private func look() {
    guard let status, outputPipe == nil, errorPipe == nil else { return }
    if status.isSuccess { return end(.success(())) }
    let words = words
    end(
      .failure(
        question.isRemote && status == .exited(code: 255) ? .tunnel(words: words) : .command(words: words)))
  }

  /// The line of what it said that tells most: the one that is called an error, or else the last one over ssh, where
  /// there may be greetings before it, and the first one here.
  private var words: String {
    let lines = errors.split(separator: UInt8(ascii: "\n")).map { printable(Array($0.prefix(200)).span) }
    return lines.first { $0.contains("rror:") } ?? (question.isRemote ? lines.last : lines.first) ?? ""
  }

  private func deadlineHasCome() {
    guard let deadline else { return }
    end(.failure(.timedOut(after: deadline.after, received: output.count)))
  }

  private func end(_ result: Result<Void, ReadFailure>) {
    letGo()
    latest = (began, result)
    tell(result)
  }

  private func tell(_ result: Result<Void, ReadFailure>) {
    let waiting = waiting
    self.waiting = [:]
    for ended in waiting.values { ended(result) }
  }

  private func letGo() {
    deadlineTimer.disarm()
    // Letting go of a running child kills it.
    child = nil
    close(&outputPipe)
    close(&errorPipe)
  }

  private func close(_ pipe: inout Pipe?) {
    if let watch = pipe?.watch { loop.unwatch(watch) }
    pipe = nil
  }
}
