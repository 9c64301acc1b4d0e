import Cluster
import Platform

struct LiveCommand {
  init(_ invocation: Invocation, layout: Layout) throws(UsageError) {}
  func run() throws(SystemError) -> ExitStatus { .good }
}
