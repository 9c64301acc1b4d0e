import Cluster
import Platform
import TestSupport

@testable import Agent

/// The first reading of each source, by a real clock, and a new agent.
func firstReadings(of sources: [Source], options: AgentOptions = AgentOptions()) throws -> [Reading] {
  let loop = try EventLoop()
  var options = options
  options.warmUp = false
  let agent = Agent(plan: PollPlan(interval: .seconds(20), sources: sources), loop: loop, options: options)
  var readings: [Int: Reading] = [:]
  agent.onReading = { readings[$0.source.index] = $0 }
  agent.start()
  try loop.run(until: { readings.count == sources.count })
  agent.stop()
  return sources.indices.compactMap { readings[$0] }
}

extension Reading {
  var proxy: ProxySample? {
    if case .sample(.proxy(let sample)) = outcome { sample } else { nil }
  }

  var web: StubStatus? {
    if case .sample(.web(let status)) = outcome { status } else { nil }
  }

  var failure: ReadFailure? {
    if case .failure(let failure) = outcome { failure } else { nil }
  }
}

extension Reading {
  var workers: WorkerStatus? {
    if case .sample(.workers(let status)) = outcome { status } else { nil }
  }

  var host: HostStatus? {
    if case .sample(.host(let status)) = outcome { status } else { nil }
  }
}
