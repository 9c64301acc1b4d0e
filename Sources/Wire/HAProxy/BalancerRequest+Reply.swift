public import Cluster

extension BalancerRequest {
  /// How each of its steps ended, by place, as far as the reply tells.
  ///
  /// What reading back shows is the truth, whatever was said before: a step whose server stands as wanted is
  /// done. The words of a refusal belong to the command in whose place they came.
  ///
  /// - Parameter failure: why the connection ended; nil where HAProxy closed it. What the reply does not tell
  ///   is unknown for this reason, or because it broke off.
  public func outcomes(in reply: Span<UInt8>, endedBy failure: ReadFailure?) -> [Int: StepOutcome] {
    let heard = Heard(reply, questions, isPrompted: isPrompted)
    let unheard = StepOutcome.unknown(failure ?? .truncated(received: reply.count))
    return Dictionary(uniqueKeysWithValues: steps.map { ($0, heard.outcome(of: $1, at: $0) ?? unheard) })
  }
}

extension StepOutcome {
  /// Whether a worker has refused it whose listeners are another one's already, after a reload: nothing has become of
  /// it there, and who connects anew is heard by the worker that has taken over.
  ///
  /// A proxy that the configuration disables is refused with the same words, then as before.
  public var isRefusedByAWorkerThatLeaves: Bool { self == .refused(words: "Proxy is disabled.") }
}

/// What the answers in a reply say.
private struct Heard {
  /// Of the commands that were answered in time: their words, empty where it had none.
  private var words: [Int: String] = [:]
  private var backends: [String: Backend] = [:]

  private enum Backend {
    case servers([String: ServerStateTable.Row])
    case refused(words: String)
    case broken(ReplyFault)
  }

  init(_ reply: Span<UInt8>, _ questions: [BalancerRequest.Question], isPrompted: Bool) {
    var parser = ServerStateParser()
    var answers = Answers(isPrompted: isPrompted)
    for question in questions {
      guard let range = answers.next(in: reply) else { return }
      let answer = reply.extracting(range)
      let isTable = starts(answer, with: "1\n#") || starts(answer, with: "2\n#")
      switch question.purpose {
      case .prompt: break
      case .step(let place):
        // A table here would mean that the answers do not belong to the questions. None is believed then.
        if isTable {
          words = [:]
          backends = [:]
          return
        }
        words[place] = said(answer)
      case .readBack(let backend):
        let words = said(answer)
        guard isTable || words.isEmpty else {
          backends[backend] = .refused(words: words)
          continue
        }
        do {
          var servers: [String: ServerStateTable.Row] = [:]
          for row in try parser.parse(answer).rows where row.backend == backend { servers[row.server] = row }
          backends[backend] = .servers(servers)
        } catch {
          backends[backend] = .broken(error)
        }
      }
    }
  }

  /// Nil where the reply does not tell.
  func outcome(of step: Change.Step, at place: Int) -> StepOutcome? {
    let words = words[place]
    if step.action == .shutdownSessions {
      return words.map { $0.isEmpty ? .done : .refused(words: $0) }
    }
    let refused = words.flatMap { $0.isEmpty ? nil : StepOutcome.refused(words: $0) }
    let server = step.row.server
    switch backends[server.backend] {
    case nil: return refused
    case .broken(let fault): return refused ?? .unknown(.malformed(fault))
    case .refused(let backendWords): return refused ?? .refused(words: backendWords)
    case .servers(let rows):
      guard let row = rows[server.server] else {
        return refused ?? .unknown(.malformed(.missingServer(server)))
      }
      let standing = Standing(admin: row.admin.admin, weight: row.weight)
      return standing.satisfies(step.action) ? .done : refused ?? .ineffective(standing)
    }
  }
}

/// The first line of an answer, sanitised; empty where there is none.
private func said(_ answer: Span<UInt8>) -> String {
  beginning(of: answer.extracting(severityLength(of: answer)...))
}

/// The answers in a reply, each up to and with the empty line that ends it.
private struct Answers {
  let isPrompted: Bool
  private var place = 0

  init(isPrompted: Bool) { self.isPrompted = isPrompted }

  /// Nil where there is no more, or no whole one.
  mutating func next(in reply: Span<UInt8>) -> Range<Int>? {
    var start = place
    // The prompt of the answer before.
    if isPrompted, starts(reply.extracting(start...), with: "> ") { start += 2 }
    guard let end = endOfAnswer(at: start, in: reply) else { return nil }
    place = end
    return start..<end
  }
}
