import Cluster
import Platform

/// A source that is asked by running a program, which it may share with others.
final class CommandTransport: Transport {
  var reply: ReplyBuffer { run.output }

  private let run: CommandRun

  init(_ run: CommandRun) { self.run = run }

  deinit { run.stopWaiting(self) }

  func begin(deadline: Deadline, _ ended: @escaping (Result<Void, ReadFailure>) -> Void) {
    run.ask(for: self, deadline: deadline, ended)
  }

  func abandon() { run.stopWaiting(self) }
}
