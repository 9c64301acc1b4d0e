import Cluster
import Platform
import TestSupport

@testable import Agent

/// The first reading of each source, by a real clock, and a new agent.
func firstReadings(
  of sources: [Source], options: AgentOptions = AgentOptions(), interval: Duration = .seconds(20)
) throws -> [Reading] {
  let loop = try EventLoop()
  var options = options
  options.warmUp = false
  let agent = Agent(plan: PollPlan(interval: interval, sources: sources), loop: loop, options: options)
  var readings: [Int: Reading] = [:]
  agent.onReading = { reading in
    if readings[reading.source.index] == nil { readings[reading.source.index] = reading }
  }
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

  var router: RouterStatus? {
    if case .sample(.router(let status)) = outcome { status } else { nil }
  }

  var address: AddressStatus? {
    if case .sample(.address(let status)) = outcome { status } else { nil }
  }

  var name: NameAnswer? {
    if case .sample(.name(let answer)) = outcome { answer } else { nil }
  }

  var firewall: FirewallCounters? {
    if case .sample(.firewall(let counters)) = outcome { counters } else { nil }
  }

  var path: PathState? {
    if case .sample(.path(let state)) = outcome { state } else { nil }
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
