import Cluster
public import Platform

extension EventLoop {
  /// Goes round until it holds. Where it does not within a time that no test needs, the test has failed.
  public func run(until condition: () throws -> Bool) throws {
    let start = SystemClock().now()
    while try !condition() {
      try runOnce(atMost: .milliseconds(20))
      if SystemClock().now().since(start) > .seconds(90) {
        throw TestFailure("It did not happen within 90 s")
      }
    }
  }
}
