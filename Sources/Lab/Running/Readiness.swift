import Cluster
import Platform

/// What a lab waits for until it serves: each that has to answer is asked until it does, or until the time is up.
final class Readiness {
  private let loop: EventLoop
  private let onFailure: (LabError) -> Void
  private var probes: [String: Probe] = [:]
  private var deadline: LoopTimer?

  /// - Parameter onFailure: is told once why it will never serve: what follows is only the consequence.
  init(on loop: EventLoop, onFailure: @escaping (LabError) -> Void) {
    self.loop = loop
    self.onFailure = onFailure
  }

  /// Whether it is still waited.
  var isUnderWay: Bool { deadline != nil }

  /// What does not answer yet, the first by name, and what came of asking it last.
  var missing: (name: String, what: String)? {
    probes.min { $0.key < $1.key }.map { ($0.key, $0.value.last) }
  }

  /// - Parameter late: says what is missing when the time is up.
  func begin(within limit: Duration, late: @escaping () -> LabError?) {
    let deadline = loop.timer { [weak self] _ in
      if let error = late() { self?.fail(error) }
    }
    deadline.arm(after: limit)
    self.deadline = deadline
  }

  /// Asks until the answer is good; the last one of all that are asked at a time goes on with `next`.
  func ask(
    _ name: String, _ question: Probe.Question, from namespace: NetworkNamespace? = nil,
    then next: @escaping () -> Void
  ) {
    probes[name] = Probe(question, from: namespace, on: loop) { [weak self] in
      // Not at once: this is called by the probe that it would let go of.
      self?.loop.later { [weak self] in
        guard let self, probes.removeValue(forKey: name) != nil, probes.isEmpty else { return }
        next()
      }
    }
  }

  func attempt(_ work: () throws(LabError) -> Void) {
    do throws(LabError) { try work() } catch { fail(error) }
  }

  func fail(_ error: LabError) {
    guard isUnderWay else { return }
    end()
    onFailure(error)
  }

  /// Waits for nothing any more.
  func end() {
    deadline = nil
    probes = [:]
  }
}
