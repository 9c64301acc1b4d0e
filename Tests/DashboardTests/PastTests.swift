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

  @Test func trailsThatComeLaterChangeNothingElse() {
    var site = Site.usual()
    var (state, then) = dashboard(&site)
    // Folded from less: it has no trails yet.
    var few = then
    few.model.forgetTrails()
    _ = update(&state, .past(few))
    state.hit(.character("j"))
    let (selection, rows) = (state.selection, state.grid.rows)
    #expect(update(&state, .pastTrails(then.model, at: few.place.sequence + 1)).isEmpty)
    #expect(state.grid.rows == rows)
    #expect(update(&state, .pastTrails(then.model, at: few.place.sequence)).isEmpty)
    #expect(state.model.trailOfCluster(.qps).slots.last == then.model.trailOfCluster(.qps).slots.last)
    #expect(state.selection == selection)
    state.hit(.character("L"))
    #expect(update(&state, .pastTrails(then.model, at: few.place.sequence)).isEmpty)
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

  /// A stretch of the record up to `end`, with a gap, in the columns that are asked for.
  private func picture(_ request: GraphRequest, every width: Duration = .seconds(1)) -> GraphPicture {
    let span = request.span
    let count = Int(span.length.nanoseconds / width.nanoseconds)
    let points = (0..<count).filter { $0 * 10 / count != 3 }.map { place in
      let mean = 1000 + Double(place % 97) * 3
      return GraphPoint(
        at: span.start.advanced(by: width * place), covering: width, min: mean / 2, mean: mean,
        max: mean * 1.5,
        count: 1, weight: mean)
    }
    let series = GraphSeries(span: span, columns: request.columns, points: points)
    return GraphPicture(
      request, series: Dictionary(uniqueKeysWithValues: Metric.allCases.map { ($0, series) }))
  }

  private func graph(_ effects: [Effect]) -> GraphRequest? {
    for case .lookForGraph(let request) in effects { return request }
    return nil
  }

  @Test func aGraphThatEndsNowGrowsAndIsNotReadAgain() throws {
    var site = Site.usual()
    var (state, _) = dashboard(&site)
    state.select(NodeName("web1"))
    state.show(.graphs)
    let request = try #require(graph(update(&state, .strip(strip(state)))))
    #expect(request.span.length >= .seconds(900) && request.span.contains(state.presentSnapshot.middleOfTick))
    // It has been asked for already.
    #expect(graph(update(&state, .resize(state.size))) == nil)
    _ = update(&state, .graph(picture(request)))
    var before = try #require(state.graph)
    for _ in 0..<60 {
      let effects = update(&state, .frame(site.tick()))
      #expect(graph(effects) == nil)
      let grown = try #require(state.graph)
      #expect(grown.request.span.length == request.span.length)
      // The newest tick is in the last column.
      let now = state.presentSnapshot.middleOfTick
      #expect(grown.request.span.end > now)
      #expect(grown.request.span.end.distance(from: now) <= request.span.length / request.columns)
      #expect(grown.series[.qps]?.columns.last.flatMap { $0 } != nil)
      #expect(grown != before)
      before = grown
    }
    #expect(state.grid.text.contains("now"))
    // Another node's has to be read.
    #expect(graph(state.hit(.down))?.subject == .node(NodeName("web2")))
  }

  @Test func theStretchIsMovedAndTheMomentStays() throws {
    var site = Site.usual()
    var (state, then) = dashboard(&site)
    state.show(.graphs)
    let first = strip(state)
    _ = update(&state, .strip(first))
    func moved(_ key: Unicode.Scalar) -> TimeSpan? {
      guard case .lookForStrip(let span, let parts)? = state.hit(.character(key)).first else { return nil }
      _ = update(
        &state, .strip(TimeStrip(span: span, parts: .init(repeating: .init(worst: .up), count: parts))))
      return span
    }
    let now = try #require(state.now?.wall)
    let earlier = try #require(moved("["))
    #expect(earlier.end == now.advanced(by: .seconds(-450)) && earlier.length == .seconds(900))
    #expect(state.past == nil && !state.isWindowLive)
    // What comes now does not pull it back.
    for _ in 0..<10 {
      for case .lookForStrip in update(&state, .frame(site.tick())) { Issue.record("the bar moved") }
    }
    #expect(state.grid.text.contains("LIVE"))
    #expect(state.timeBar?.endsNow == false)
    // Zooming keeps it there.
    #expect(moved("+")?.length == .seconds(300))
    #expect(moved("-")?.length == .seconds(900))
    // At its end it goes on with the time again.
    _ = moved("]")
    _ = moved("]")
    #expect(state.isWindowLive)
    // Back and on again is where it was, though some seconds have passed meanwhile.
    _ = moved("[")
    for _ in 0..<10 { _ = update(&state, .frame(site.tick())) }
    let end = try #require(moved("]")?.end)
    #expect(end == state.now?.wall && state.isWindowLive)
    // In the past the moment stays, also where it is not in the picture.
    _ = update(&state, .past(then))
    _ = moved("[")
    _ = moved("[")
    #expect(state.past?.place == then.place)
    #expect(state.strip?.span.contains(then.place.at) == false)
    // Where the moment moves, the picture follows it.
    guard case .lookForStrip(let back, _)? = update(&state, .past(then)).first else {
      Issue.record("the bar does not follow")
      return
    }
    #expect(back.contains(then.place.at))
    state.hit(.character("L"))
    #expect(state.isWindowLive)
  }

  @Test(arguments: [(80, 24), (140, 40), (40, 12), (200, 60)])
  func inThePastTheMomentIsALineInTheGraph(size: (Int, Int)) throws {
    var site = Site.usual()
    var (state, then) = dashboard(&site)
    _ = update(&state, .resize(Size(width: size.0, height: size.1)))
    state.select(NodeName("web1"))
    state.show(.graphs)
    _ = update(&state, .strip(strip(state)))
    let request = try #require(graph(update(&state, .past(then))))
    // Ends where the bar does, which does not move while the moment is in it.
    #expect(request.span.contains(then.place.at))
    _ = update(&state, .graph(picture(request)))
    expectScreen(state.grid, "moment-graphs-\(size.0)x\(size.1)")
    // Another moment of the same stretch: nothing is read again.
    var next = then
    next.place.at = then.place.at.advanced(by: .seconds(1))
    #expect(graph(update(&state, .past(next))) == nil)
    // What comes now is not seen in it, but where it is a part of the stretch.
    _ = update(&state, .frame(site.tick()))
    #expect(state.graph?.request.span == request.span)
  }

  @Test(arguments: [(80, 24), (140, 40), (40, 12)])
  func everyViewUnderTheBarShowsAMomentOfThePast(size: (Int, Int)) throws {
    var site = Site.usual()
    var (state, then) = dashboard(&site)
    _ = update(&state, .resize(Size(width: size.0, height: size.1)))
    state.select(NodeName("web3"))
    _ = update(&state, .strip(strip(state)))
    _ = update(&state, .past(then))
    for view in ScreenPreferences.View.allCases where view != .graphs {
      state.show(view)
      expectScreen(state.grid, "moment-\(view.rawValue)-\(size.0)x\(size.1)")
    }
    state.show(.map)
    state.hit(.enter)
    #expect(state.scope == .detail)
    expectScreen(state.grid, "moment-detail-\(size.0)x\(size.1)")
    state.hit(.escape, .character("L"), .character("M"))
    _ = update(&state, .past(then))
    state.hit(.character("="))
    expectScreen(state.grid, "moment-comparison-\(size.0)x\(size.1)")
    state.hit(.escape)
    _ = update(&state, .incidents(youngRecord(then)))
    expectScreen(state.grid, "moment-incidents-\(size.0)x\(size.1)")
  }

  /// The incidents and the service of a record of twelve minutes.
  private func youngRecord(_ then: PastPicture) -> IncidentsPicture {
    let end = then.place.at
    var incidents = Incident.list(
      from: then.events, within: TimeSpan(from: end.advanced(by: .seconds(-60)), to: end))
    for place in incidents.indices {
      var counts = IncidentCounts(isByMinute: true)
      counts.add(
        ServiceMinute(at: end, requests: 91_000, errors: 1234, down: .zero, degraded: .zero, unknown: .zero),
        HealthPolicy().defaults)
      incidents[place].take(counts)
    }
    let minutes = (0..<12).map { minute in
      ServiceMinute(
        at: end.advanced(by: .seconds(-60 * (minute + 1))), requests: 1000, errors: minute == 3 ? 4 : 0,
        down: .zero, degraded: .zero, unknown: .zero)
    }
    return IncidentsPicture(
      incidents: incidents,
      service: [
        (.cluster, Availability.overWindows(of: minutes, until: end)),
        (.tier(TierName("web")), Availability.overWindows(of: minutes, until: end)),
        (.tier(TierName("db")), Availability.overWindows(of: Array(minutes.prefix(2)), until: end)),
        (.tier(TierName("app")), Availability.overWindows(of: [], until: end)),
      ])
  }

  @Test func incidentsAreCountedOneAfterTheOtherWhileTheyAreLookedAt() throws {
    var site = Site.usual()
    var (state, then) = dashboard(&site)
    let first = try #require(youngRecord(then).incidents.first)
    var second = first
    second.start = first.start.advanced(by: .seconds(-500))
    second.requests = nil
    second.failed = nil
    let picture = IncidentsPicture(incidents: [first, second], service: [])
    #expect(update(&state, .incidents(picture)) == [.countIncident(at: first.start)])
    #expect(
      update(&state, .counts(nil, incidentAt: first.start)) == [.countIncident(at: second.start)])
    var counts = IncidentCounts()
    counts.add(
      ServiceMinute(
        at: second.start, requests: 7000, errors: 31, down: .zero, degraded: .zero, unknown: .zero),
      HealthPolicy().defaults)
    #expect(update(&state, .counts(counts, incidentAt: second.start)) == [])
    #expect(state.record.incidents[1].failed == 31 && state.record.incidents[1].requests == 7000)
    // What was counted for a list that is not shown any more changes nothing.
    _ = update(&state, .incidents(picture))
    state.hit(.escape)
    #expect(update(&state, .counts(counts, incidentAt: first.start)) == [])
    #expect(update(&state, .counts(counts, incidentAt: first.start)) == [])
    #expect(state.record.incidents[1].failed == nil)
  }

  @Test func sparklinesBeginWithWhatWasRecordedBefore() {
    var before = Site.usual()
    var model = ClusterModel(layout: before.layout)
    for _ in 0..<60 { _ = model.advance(with: before.tick()) }
    // The dashboard begins ten seconds later, on the same site.
    var site = before
    for _ in 0..<10 { _ = site.tick() }
    var state = site.dashboard(ticks: 3, view: .table)
    let empty = state.model.trailOfCluster(.qps).slots.count { $0.isFinite }
    _ = update(&state, .pastMinutes(model))
    let slots = state.model.trailOfCluster(.qps).slots
    #expect(slots.count { $0.isFinite } == empty + 59)
    #expect(slots.suffix(3).last?.isFinite == true)
    #expect(slots.dropLast(3).suffix(10).allSatisfy { !$0.isFinite })
    #expect(state.grid.text.contains("▄"))
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
    // The day up to now, in columns that stand still.
    let now = state.presentSnapshot.middleOfTick.advanced(by: .nanoseconds(1))
    #expect(request.span == TimeSpan(day.length, until: now).onGrid(columns: request.columns))
    // Two hours of the day are missing.
    let points = (0..<24).filter { $0 != 10 && $0 != 11 }.map { hour in
      let mean = 100 + Double(hour * 10)
      return GraphPoint(
        at: day.start.advanced(by: .seconds(hour * 3600)), covering: .seconds(3600), min: mean / 2,
        mean: mean,
        max: mean * 1.5, count: 3600, weight: mean)
    }
    let series = GraphSeries(span: request.span, columns: request.columns, points: points)
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
