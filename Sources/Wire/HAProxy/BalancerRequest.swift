public import Cluster

/// What one load balancer is told of a change, on one connection: its commands, and then the question how the
/// servers stand now. Its reply is read by `outcomes(in:endedBy:)`.
///
/// Short ones are one line. HAProxy takes no line that is longer than its buffer (`tune.bufsize`, 16 KiB where
/// nobody has set it), so that longer ones begin with `prompt`, after which it takes many.
public struct BalancerRequest: Hashable, Sendable {
  public let balancer: SourceID
  /// All that is sent.
  public let bytes: [UInt8]

  /// By place in `Change.steps`.
  let steps: [Int: Change.Step]
  /// In the order in which HAProxy answers them.
  let questions: [Question]
  /// Whether each answer is followed by a prompt.
  let isPrompted: Bool

  /// One command and what it is for.
  struct Question: Hashable, Sendable {
    var purpose: Purpose
    var text: String

    enum Purpose: Hashable, Sendable {
      case prompt
      case step(Int)
      case readBack(backend: String)
    }
  }

  /// No line is longer: well below the smallest buffer that HAProxy is run with.
  static let lineLimit = 4096

  /// The steps of `change` that concern `balancer`.
  ///
  /// Throws `Invalid` for a name or weight that no server has.
  public init(_ change: Change, to balancer: SourceID) throws(RuntimeCommand.Invalid) {
    var steps: [Int: Change.Step] = [:]
    var commands: [Question] = []
    var backends: [String] = []
    var known: Set<String> = []
    for (place, step) in change.steps.enumerated() where step.balancer == balancer {
      steps[place] = step
      if step.kind == .send {
        commands.append(Question(purpose: .step(place), text: try step.command.text))
      }
      if step.action != .shutdownSessions, known.insert(step.row.server.backend).inserted {
        backends.append(step.row.server.backend)
      }
    }
    for backend in backends {
      let text = try RuntimeCommand.showServersStateOf(backend: backend).text
      commands.append(Question(purpose: .readBack(backend: backend), text: text))
    }
    self.init(balancer, steps, commands)
  }

  private init(_ balancer: SourceID, _ steps: [Int: Change.Step], _ commands: [Question]) {
    self.balancer = balancer
    self.steps = steps
    let length = commands.reduce(0) { $0 + $1.text.utf8.count + 1 }
    isPrompted = length > BalancerRequest.lineLimit
    guard isPrompted else {
      questions = commands
      bytes = Array((commands.map(\.text).joined(separator: ";") + "\n").utf8)
      return
    }
    questions = [Question(purpose: .prompt, text: "prompt")] + commands
    var bytes = Array("prompt\n".utf8)
    bytes.reserveCapacity(length + 64)
    var lineLength = 0
    for command in commands {
      let text = command.text.utf8
      if lineLength > 0 {
        let fits = lineLength + 1 + text.count < BalancerRequest.lineLimit
        bytes.append(fits ? UInt8(ascii: ";") : ASCII.newline)
        lineLength = fits ? lineLength + 1 : 0
      }
      bytes.append(contentsOf: text)
      lineLength += text.count
    }
    bytes.append(contentsOf: "\nquit\n".utf8)
    self.bytes = bytes
  }

  /// The requests of a whole change, one for each load balancer, in the change's order.
  ///
  /// Throws `Invalid` where one of them cannot be sent: then none may be.
  public static func all(of change: Change) throws(RuntimeCommand.Invalid) -> [BalancerRequest] {
    var requests: [BalancerRequest] = []
    for balancer in change.balancers { requests.append(try BalancerRequest(change, to: balancer)) }
    return requests
  }

  /// The places of the steps that it is about, in order.
  public var places: [Int] { steps.keys.sorted() }

  /// Changes nothing, and only asks how the servers of these steps stand; nil where there is nothing that
  /// could be read back. Sessions cannot.
  public func readingBack(_ places: some Sequence<Int>) -> BalancerRequest? {
    part(of: places.filter { steps[$0]?.action != .shutdownSessions }, sends: false)
  }

  /// The same for some of its steps; nil where there are none.
  public func part(of places: some Sequence<Int>) -> BalancerRequest? { part(of: places, sends: true) }

  private func part(of places: some Sequence<Int>, sends: Bool) -> BalancerRequest? {
    var left: [Int: Change.Step] = [:]
    for place in places { left[place] = steps[place] }
    if left.isEmpty { return nil }
    let backends = Set(left.values.map(\.row.server.backend))
    let questions = questions.filter {
      switch $0.purpose {
      case .prompt: false
      case .step(let place): sends && left[place] != nil
      case .readBack(let backend): backends.contains(backend)
      }
    }
    return BalancerRequest(balancer, left, questions)
  }
}

extension Change.Step {
  /// The command that does it.
  fileprivate var command: RuntimeCommand {
    switch action {
    case .set(let state): .setState(row.server, state)
    case .weight(let weight): .setWeight(row.server, weight)
    case .shutdownSessions: .shutdownSessions(row.server)
    }
  }
}
