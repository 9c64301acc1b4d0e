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

  private func strip(_ state: State, parts: Int = 60) -> TimeStrip {
    let end = state.now?.wall ?? WallTime(nanoseconds: 0)
    var strip = TimeStrip(
      span: TimeSpan(.seconds(900), until: end), parts: [TimeStrip.Part](repeating: .init(), count: parts))
    for place in 10..<parts { strip.parts[place].worst = .up }
    for place in 30..<34 { strip.parts[place].worst = .down }
    strip.parts[40].hasChange = true
    return strip
  }

  @Test func aBarOfTimeIsAskedForWithEachFrameAndDrawnInEveryView() throws {
    var site = Site.usual()
    var (state, then) = dashboard(&site)
    let effects = update(&state, .frame(site.tick()))
    guard case .lookForStrip(let span, _)? = effects.first else {
      Issue.record("\(effects)")
      return
    }
    #expect(span.length == .seconds(900))
    #expect(span.end == state.now?.wall)
    _ = update(&state, .strip(strip(state)))
    for view in ScreenPreferences.View.allCases {
      state.show(view)
      expectScreen(state.grid, "bar-\(view.rawValue)-80x24")
    }
    // A moment that is in the bar leaves it where it is.
    #expect(update(&state, .past(then)) == [])
    state.show(.map)
    expectScreen(state.grid, "bar-past-80x24")
    // A click on it goes there.
    let click = update(&state, .mouse(MouseEvent(.click, x: 40, y: 21)))
    guard case .at(let time)? = look(click) else {
      Issue.record("\(click)")
      return
    }
    #expect(span.contains(time))
  }

  @Test func zoomingAsksForAnotherLength() throws {
    var site = Site.usual()
    var (state, _) = dashboard(&site)
    #expect(state.hit(.character("-")) == [])
    _ = update(&state, .strip(strip(state)))
    guard case .lookForStrip(let longer, _)? = state.hit(.character("-")).first else {
      Issue.record("nothing was asked for")
      return
    }
    #expect(longer.length == .seconds(3600))
    guard case .lookForStrip(let shorter, _)? = state.hit(.character("+")).first else {
      Issue.record("nothing was asked for")
      return
    }
    #expect(shorter.length < longer.length)
  }

  @Test(arguments: [(80, 24), (140, 40)]) func aLongStretchIsDrawnFromTheRecord(size: (Int, Int)) throws {
    var site = Site.usual()
    var (state, _) = dashboard(&site)
    _ = update(&state, .resize(Size(width: size.0, height: size.1)))
    state.select(NodeName("web1"))
    state.show(.graphs)
    let end = try #require(state.now?.wall)
    let day = TimeSpan(.seconds(86_400), until: end)
    var strip = TimeStrip(span: day, parts: [TimeStrip.Part](repeating: .init(worst: .up), count: 60))
    strip.parts[30].worst = .down
    let effects = update(&state, .strip(strip))
    guard case .lookForGraph(let request)? = effects.first else {
      Issue.record("\(effects)")
      return
    }
    #expect(request.subject == .node(NodeName("web1")))
    #expect(request.span == day)
    // Two hours of the day are missing.
    let points = (0..<24).filter { $0 != 10 && $0 != 11 }.map { hour in
      let mean = 100 + Double(hour * 10)
      return GraphPoint(
        at: day.start.advanced(by: .seconds(hour * 3600)), covering: .seconds(3600), min: mean / 2,
        mean: mean,
        max: mean * 1.5, count: 3600, weight: mean)
    }
    let series = GraphSeries(span: day, columns: request.columns, points: points)
    _ = update(
      &state,
      .graph(
        GraphPicture(request, series: Dictionary(uniqueKeysWithValues: Metric.allCases.map { ($0, series) })))
    )
    expectScreen(state.grid, "long-graphs-\(size.0)x\(size.1)")
    // It has come: it is not asked for again.
    #expect(update(&state, .resize(state.size)).isEmpty)
    // Another node's is.
    #expect(!state.hit(.up).isEmpty)
  }

  @Test(arguments: [(80, 24), (140, 40)]) func aMarkedMomentIsComparedWithAnother(size: (Int, Int)) {
    var site = Site.usual()
    var (state, then) = dashboard(&site)
    _ = update(&state, .resize(Size(width: size.0, height: size.1)))
    state.hit(.character("="))
    #expect(state.message == "M marks a moment first")
    state.hit(.character("M"))
    _ = update(&state, .past(then))
    state.hit(.character("="))
    expectScreen(state.grid, "comparison-\(size.0)x\(size.1)")
    state.hit(.escape)
    #expect(state.page == .view)
  }

  @Test func incidentsAreListedAndEnterGoesToOne() throws {
    var site = Site.usual()
    var (state, then) = dashboard(&site)
    #expect(state.hit(.character("i")) == [.lookForIncidents])
    let start = then.place.at
    let incidents = Incident.list(
      from: then.events, within: TimeSpan(from: start.advanced(by: .seconds(-60)), to: start))
    #expect(incidents.count == 1)
    let now = try #require(state.now?.wall)
    let minutes = (0..<600).map { minute in
      ServiceMinute(
        at: now.advanced(by: .seconds(-60 * (600 - minute))), requests: 1000, errors: minute == 300 ? 400 : 0,
        down: .zero, degraded: minute == 300 ? .seconds(40) : .zero, unknown: .zero)
    }
    let service: [(scope: ServiceScope, windows: [Availability])] = [
      (.cluster, Availability.overWindows(of: minutes, until: now)),
      (.tier(TierName("web")), Availability.overWindows(of: minutes, until: now)),
    ]
    _ = update(&state, .incidents(IncidentsPicture(incidents: incidents, service: service)))
    expectScreen(state.grid, "incidents-80x24")
    #expect(look(state.hit(.enter)) == .at(incidents[0].start))
    #expect(state.page == .view)
    #expect(state.selection == incidents[0].nodes.first)
    _ = update(&state, .incidents(IncidentsPicture()))
    #expect(state.grid.text.contains("no incident is known of"))
    #expect(state.hit(.enter) == [])
  }
}
