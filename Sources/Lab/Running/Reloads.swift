import Cluster
import Platform

/// Reloads of load balancers, those of one after each other: the new process takes the sockets over from the one before,
/// which has to have them. One that begins before that would leave two behind that both have them.
///
/// However often it is asked for while one is under way, one more follows.
final class Reloads {
  /// The sockets of new processes that do not answer yet, by the name of the load balancer.
  private var starting: [String: Probe] = [:]
  /// What is to be done once they do.
  private var next: [String: () -> Void] = [:]
  private let loop: EventLoop

  init(on loop: EventLoop) { self.loop = loop }

  /// Begins a reload, or has it wait for the one that is under way.
  ///
  /// - Parameters:
  ///   - socket: where the new process answers.
  ///   - start: starts that process, and returns its number; nil where it is not started.
  func reload(_ name: String, at socket: String, start: @escaping () -> Int32?) {
    if starting[name] != nil {
      next[name] = { [weak self] in self?.reload(name, at: socket, start: start) }
      return
    }
    guard let pid = start() else { return }
    starting[name] = Probe(.process(pid, at: socket), on: loop) { [weak self] in
      // Not at once: this is called by the probe that it would let go of.
      self?.loop.later { [weak self] in self?.goOn(name) }
    }
  }

  /// The newest process has ended, whether or not it has answered: nothing takes over from it.
  func forget(_ name: String) {
    starting[name] = nil
    next[name] = nil
  }

  func stop() {
    starting = [:]
    next = [:]
  }

  private func goOn(_ name: String) {
    guard starting.removeValue(forKey: name) != nil else { return }
    next.removeValue(forKey: name)?()
  }
}
