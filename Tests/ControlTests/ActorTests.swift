import Cluster
import Foundation
import Testing

@testable import Control

@Suite struct ActorTests {
  @Test func whoRunsTheProgramHasANameAndAHost() {
    let actor = Actor.current()
    #expect(!actor.user.isEmpty)
    #expect(actor.host == printable(ProcessInfo.processInfo.hostName) || !actor.host.isEmpty)
  }
}
