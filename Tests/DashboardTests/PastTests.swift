import Cluster
import Testing

@testable import Dashboard

/// Looking at the past: what is asked for, and what the screens show of what comes back.
@Suite struct PastTests {
  /// A site that was in trouble a while ago, and is well now; and how it was then.
  private func dashboard(_ site: inout Site) -> (state: State, then: PastPicture) {
    var past = Site.usual()
    var model = ClusterModel(layout: past.layout)
    let trouble = Site.troubled()
    var events: [Event] = []
    for tick in 0..<30 {
      if tick == 20 {
        past.servers = zip(past.servers, trouble.servers).map { old, new in old.changed(to: new) }
      }
      events += model.advance(with: past.tick())
    }
    let then = PastPicture(
      place: PastPlace(sequence: 30, at: past.now.wall), model: model, at: past.now, events: events, gap: nil)
    let state = site.dashboard(ticks: 90)
    return (state, then)
  }

  private func look(_ effects: [Effect]) -> PastRequest? {
    guard case .look(let request)? = effects.first, effects.count == 1 else { return nil }
    return request
  }

  @Test func keysAskForTheTimeTheyMean() throws {
    var site = Site.usual()
    var (state, then) = dashboard(&site)
    let now = try #require(state.now?.wall)
    #expect(look(state.hit(.character(","))) == .at(now))
    #expect(state.hit(.character(".")) == [])
    #expect(look(state.hit(.character("<"))) == .at(WallTime(nanoseconds: now.nanoseconds - 60_000_000_000)))
    #expect(
      look(state.hit(.character("("))) == .at(WallTime(nanoseconds: now.nanoseconds - 3_600_000_000_000)))
    #expect(look(state.hit(.character("{"))) == .incidentBefore(now))
    #expect(look(state.hit(.character("p"))) == .at(now))

    _ = update(&state, .past(then))
    #expect(look(state.hit(.character(","))) == .step(-1, from: then.place))
    #expect(look(state.hit(.character("."))) == .step(1, from: then.place))
    #expect(look(state.hit(.character("}"))) == .incident(after: then.place.at))
    // An hour on would be later than now.
    #expect(state.hit(.character(")")) == [])
    #expect(state.past == nil)
  }

  @Test func aTimeIsTyped() throws {
    var site = Site.usual()
    var (state, _) = dashboard(&site)
    let now = try #require(state.now?.wall)
    state.hit(.character("t"))
    state.type("30s ago")
    #expect(look(state.hit(.enter)) == .at(WallTime(nanoseconds: now.nanoseconds - 30_000_000_000)))
    state.hit(.character("t"))
    state.type("soon")
    #expect(state.hit(.enter) == [])
    #expect(state.message != nil)
  }

  @Test(arguments: ScreenPreferences.View.allCases, [(80, 24), (140, 40)])
  func everyViewShowsThePastAsItWas(view: ScreenPreferences.View, size: (Int, Int)) {
    var site = Site.usual()
    var (state, then) = dashboard(&site)
    _ = update(&state, .resize(Size(width: size.0, height: size.1)))
    state.show(view)
    _ = update(&state, .past(then))
    expectScreen(state.grid, "past-\(view.rawValue)-\(size.0)x\(size.1)")
    // What is now goes on, and changes nothing of it.
    let before = state.grid.rows.dropFirst()
    for _ in 0..<5 { _ = update(&state, .frame(site.tick())) }
    #expect(Array(state.grid.rows.dropFirst()) == Array(before))
    state.hit(.character("L"))
    #expect(state.past == nil)
    #expect(state.grid.text.contains("LIVE"))
  }

  @Test func inThePastNothingCanBeChanged() {
    var site = Site.usual()
    var (state, then) = dashboard(&site)
    state.select(NodeName("web1"))
    _ = update(&state, .past(then))
    for key in ["d", "r", "m", "a"] {
      #expect(state.hit(.character(Unicode.Scalar(key) ?? "d")) == [])
      #expect(state.scope == .map)
      #expect(state.message == "the screen does not show what is now: nothing can be changed")
    }
    // A preview that is open when the past is shown is gone.
    state.hit(.character("L"), .character("d"))
    #expect(state.scope == .preview)
    _ = update(&state, .past(then))
    #expect(state.scope == .map)
    #expect(state.hit(.character("y")) == [])
  }

  @Test func theSelectionStays() {
    var site = Site.usual()
    var (state, then) = dashboard(&site)
    state.select(NodeName("web3"))
    _ = update(&state, .past(then))
    #expect(state.selection == NodeName("web3"))
    #expect(state.grid.text.contains("down"))
    state.hit(.character("L"))
    #expect(state.selection == NodeName("web3"))
  }
}
