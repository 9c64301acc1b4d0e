import Cluster
import Testing

@testable import Dashboard

struct KeeperTests {
  private static let agent = RecordKeeper.Program(kind: .agent, pid: 4711)

  private func status(_ keeper: RecordKeeper, _ size: Size = Size(width: 80, height: 24)) -> String {
    var site = Site.usual()
    var state = site.dashboard(size: size)
    _ = update(&state, .keeper(keeper))
    return state.grid.rows[size.height - 2]
  }

  @Test func whoRecordsStandsAtTheEndOfTheStatusLine() {
    #expect(status(.other(KeeperTests.agent)).hasSuffix("   recorded by agent (pid 4711)"))
    #expect(status(.other(.init(kind: .dashboard, pid: 9))).hasSuffix("   recorded by dashboard (pid 9)"))
    #expect(status(.other(.init(kind: nil, pid: nil))).hasSuffix("   recorded by another program"))
    #expect(status(.here).hasSuffix("   recorded here"))
  }

  @Test func itPushesNothingOutThatIsSaidOfTheNode() {
    var site = Site.usual()
    let state = site.dashboard(size: Size(width: 40, height: 24))
    let bare = state.grid.rows[22]
    #expect(status(.other(KeeperTests.agent), Size(width: 40, height: 24)) == bare)
    // What is wrong is shortened, and not left out.
    let trouble = status(.nobody("there is no room left for /var/lib/tiertop/site.db"))
    #expect(trouble.contains("   not recorded: "))
    #expect(trouble.hasPrefix(bare))
  }

  @Test func whatAnotherProgramHasRecordedIsWhereItBegins() {
    var site = Site.usual()
    var told = site.dashboard(ticks: 40)
    let (model, now) = (told.present.model, told.present.newestFrame ?? site.now)
    let events = told.present.events
    var state = State(
      model: ClusterModel(layout: site.layout), preferences: ScreenPreferences(), look: Look())
    _ = update(&state, .resize(Size(width: 80, height: 24)))
    let effects = update(&state, .begin(model, at: now, events: events))
    #expect(effects.contains { if case .lookForStrip = $0 { true } else { false } })
    // From here on there is no difference to be seen.
    let frame = site.tick()
    _ = update(&told, .frame(frame))
    _ = update(&state, .frame(frame))
    #expect(state.grid.rows == told.grid.rows)
    #expect(state.events == told.events)
    #expect(state.takeNews().count <= told.takeNews().count)
  }
}
