import Cluster
import Foundation
import Platform
import Testing

@testable import Lab

/// A lab on the test's own thread: up when it is made, gone when `end` returns.
final class RunningLab {
  let lab: Lab
  let directory: LabDirectory
  private let loop: EventLoop
  private let sweeper: Sweeper
  private let state = State()

  private final class State {
    var serves = false
    var failure: LabError?
    var notes: [String] = []
  }

  var plan: LabPlan { lab.plan }
  var notes: [String] { state.notes }

  init(_ layout: Layout = demoLayout(), load: Load? = nil) throws {
    let claim = try LabClaim()
    loop = try EventLoop()
    directory = try LabDirectory.make(environment: ProcessInfo.processInfo.environment)
    sweeper = try Sweeper(of: directory)
    let plan = try LabPlan(layout: layout, network: claim.network, directory: directory.path)
    let state = state
    lab = Lab(
      plan: plan, directory: directory, load: load,
      search: ProgramSearch(path: ProcessInfo.processInfo.environment["PATH"]), loop: loop
    ) { event in
      switch event {
      case .serves: state.serves = true
      case .failed(let error): state.failure = error
      case .note(let words): state.notes.append(words)
      }
    }
    // Far more than it needs: other tests keep the machine busy.
    try lab.start(within: .seconds(60))
    while !state.serves {
      if let failure = state.failure {
        end()
        throw failure
      }
      try loop.runOnce()
    }
  }

  /// Goes on until `condition` holds; false where it does not within the limit.
  func goesOn(within limit: TimeInterval = 30, until condition: () throws -> Bool) throws -> Bool {
    try becomesTrue(within: limit) {
      try loop.runOnce(atMost: .milliseconds(20))
      return try condition()
    }
  }

  func end() {
    lab.stop()
    sweeper.sweep()
  }
}
