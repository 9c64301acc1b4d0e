import Cluster
import Testing

@testable import Dashboard

/// What is drawn of the past, from values: the time bar, incidents, a comparison.
@Suite struct PastScreenTests {
  static let looks = [true, false]
  static let widths = [40, 80, 140, 200]
  static let now = Site.start

  private static func ago(_ duration: Duration) -> WallTime { now.advanced(by: .zero - duration) }

  /// Lines on a grid of that width, in the look of the terminal.
  private func grid(_ lines: [TextLine], width: Int, isUnicode: Bool) -> Grid {
    var canvas = Canvas(size: Size(width: width, height: lines.count))
    for (y, line) in lines.enumerated() { line.draw(on: &canvas, y: y) }
    var grid = canvas.finish()
    if !isUnicode { grid.reduceToASCII() }
    return grid
  }

  private func name(_ what: String, _ width: Int, _ isUnicode: Bool) -> String {
    "\(what)-\(width)" + (isUnicode ? "" : "-ascii")
  }

  // MARK: The time bar

  /// An hour with an outage, a degraded stretch, a drain, a gap, and something that cannot be asked.
  private static func strip(_ count: Int, _ length: Duration = .seconds(3600)) -> TimeStrip {
    let span = TimeSpan(length, until: now)
    func at(_ share: Double) -> WallTime {
      span.start.advanced(by: .seconds(Int64(share * length.seconds)))
    }
    func health(_ share: Double, _ node: String, _ from: HealthState, _ to: HealthState) -> Event {
      Event(at: at(share), node: NodeName(node), change: .health(from: from, to: Verdict(to)))
    }
    let server = ServerID(backend: "web", server: "web1")
    let drain = Event(
      at: at(0.62), node: NodeName("lb1"), change: .admin(server, from: .ready, to: .drain, by: nil))
    let late = Event(
      at: at(0.925), node: NodeName("lb1"), change: .admin(server, from: .ready, to: .drain, by: nil))
    return TimeStrip(
      span: span, count: count,
      events: [
        health(0.1, "web2", .up, .degraded), health(0.14, "web2", .degraded, .up),
        health(0.3, "web1", .up, .down), health(0.42, "web1", .down, .degraded),
        health(0.45, "web1", .degraded, .up), drain, health(0.63, "web1", .up, .draining),
        health(0.68, "web1", .draining, .up), health(0.85, "lb2", .up, .stale),
        health(0.88, "lb2", .stale, .up),
        health(0.9, "web1", .up, .degraded), late,
      ], gaps: [TimeSpan(from: at(0.74), to: at(0.79))])
  }

  private func bar(
    width: Int, isUnicode: Bool, cursor: WallTime?, length: Duration = .seconds(3600), endsNow: Bool = true
  ) -> (TimeBar, Grid) {
    let look = Look(isUnicode: isUnicode)
    let count = TimeBar.parts(
      width: width, span: TimeSpan(length, until: Self.now), endsNow: endsNow, look: look)
    let bar = TimeBar(strip: Self.strip(count, length), cursor: cursor, endsNow: endsNow, look: look)
    var canvas = Canvas(size: Size(width: width, height: 1))
    bar.draw(on: &canvas, y: 0)
    return (bar, canvas.finish())
  }

  @Test(arguments: widths, looks) func anHourThatEndsNow(width: Int, isUnicode: Bool) {
    let (_, grid) = bar(width: width, isUnicode: isUnicode, cursor: nil)
    #expect(isUnicode || grid.cells.allSatisfy { $0.scalar < 0x7F })
    expectScreen(grid, name("timebar", width, isUnicode))
  }

  @Test(arguments: [40, 80, 140], looks) func aMomentOfAMonth(width: Int, isUnicode: Bool) {
    let (_, grid) = bar(
      width: width, isUnicode: isUnicode, cursor: Self.ago(.seconds(15 * 86_400)),
      length: .seconds(30 * 86_400), endsNow: false)
    expectScreen(grid, name("timebar-month", width, isUnicode))
  }

  @Test func whereWeAreIsMarked() throws {
    let (live, grid) = bar(width: 80, isUnicode: false, cursor: nil)
    let row = try #require(grid.rows.first)
    #expect(row.hasSuffix("|] now"))
    #expect(row.hasPrefix(" 13:30 ["))
    #expect(live.time(x: 7, width: 80) == nil)
    #expect(live.time(x: 79, width: 80) == nil)
    let clicked = try #require(live.time(x: 40, width: 80))
    let (_, past) = bar(width: 80, isUnicode: false, cursor: clicked)
    #expect(Array(past.rows[0])[40] == "|")
    #expect(past[40, 0].style.role == .replay)
  }

  @Test(arguments: 0...30) func aBarOfAnyWidthHoldsItsPlace(width: Int) {
    let (bar, _) = bar(width: width, isUnicode: true, cursor: Self.ago(.seconds(60)))
    var canvas = Canvas(size: Size(width: width, height: 1))
    // A strip that was made for another width is drawn all the same.
    TimeBar(strip: Self.strip(333), cursor: nil, endsNow: true, look: bar.look).draw(on: &canvas, y: 0)
    TimeBar(strip: Self.strip(0), cursor: nil, endsNow: true, look: bar.look).draw(on: &canvas, y: 0)
    #expect(canvas.finish().size.width == width)
  }

  @Test func nothingBadIsLostWhereThereAreMorePartsThanColumns() {
    var strip = TimeStrip(
      span: TimeSpan(.seconds(3600), until: Self.now), parts: Array(repeating: .init(worst: .up), count: 1000)
    )
    strip.parts[501].worst = .down
    var canvas = Canvas(size: Size(width: 80, height: 1))
    TimeBar(strip: strip, cursor: nil, endsNow: true, look: Look(isUnicode: false)).draw(on: &canvas, y: 0)
    #expect(canvas.finish().rows[0].filter { $0 == "#" }.count == 1)
  }

  @Test func anAddressThatMovedIsSeenBesideWhatWasBadThen() {
    var strip = TimeStrip(
      span: TimeSpan(.seconds(3600), until: Self.now), parts: Array(repeating: .init(worst: .up), count: 60))
    strip.parts[20] = .init(worst: .down, hasFailover: true)
    strip.parts[40].hasFailover = true
    var canvas = Canvas(size: Size(width: 80, height: 1))
    TimeBar(strip: strip, cursor: nil, endsNow: true, look: Look(isUnicode: false)).draw(on: &canvas, y: 0)
    let grid = canvas.finish()
    let places = grid.rows[0].enumerated().filter { $0.element == "F" }.map(\.offset)
    // There are more columns than parts.
    #expect(places.first.map { grid[$0, 0].style.role } == HealthState.down.role)
    #expect(places.last.map { grid[$0, 0].style.role } == HealthState.degraded.role)
  }

  // MARK: Incidents

  /// What was found while a site was watched: an incident that is over, and one that lasts.
  private static func incidents() -> (incidents: [Incident], now: WallTime) {
    var site = Site.usual()
    let trouble = Site.troubled().servers
    let usual = site.servers
    var model = ClusterModel(layout: site.layout)
    var watch = IncidentWatch()
    var found: [Incident] = []
    func run(_ site: inout Site, _ ticks: Int) {
      for _ in 0..<ticks {
        let events = model.advance(with: site.tick())
        found += watch.advance(with: model.snapshot, events: events).filter { $0.end != nil }
      }
    }
    run(&site, 20)
    site.servers = zip(site.servers, trouble).map { old, new in old.changed(to: new) }
    run(&site, 75)
    site.servers = zip(site.servers, usual).map { old, new in old.changed(to: new) }
    run(&site, 60)
    site.failures = [0: .refused]
    run(&site, 30)
    if let current = watch.current { found.append(current) }
    return (found.reversed(), site.now.wall)
  }

  private static func service(_ end: WallTime) -> [(scope: ServiceScope, windows: [Availability])] {
    func windows(down: Duration, failing: Int64, days: Int) -> [Availability] {
      let minutes = (0..<days * 1440).map { minute in
        ServiceMinute(
          at: end.advanced(by: .seconds(-60 * minute)), requests: 6000,
          errors: minute % 50 == 3 ? failing : 0,
          down: minute % 1000 == 20 ? down : .zero, degraded: .zero, unknown: .zero)
      }
      return Availability.overWindows(of: minutes, until: end.advanced(by: .seconds(60)))
    }
    return [
      (.cluster, windows(down: .seconds(20), failing: 100, days: 30)),
      (.tier(TierName("web")), windows(down: .seconds(50), failing: 500, days: 10)),
      (.tier(TierName("db")), windows(down: .zero, failing: 0, days: 0)),
    ]
  }

  @Test(arguments: widths, looks) func incidentsAndHowItWasServed(width: Int, isUnicode: Bool) {
    let (incidents, now) = Self.incidents()
    #expect(incidents.count == 2)
    let screen = IncidentsScreen(
      incidents: incidents, service: Self.service(now), objective: 0.999, now: now,
      look: Look(isUnicode: isUnicode))
    expectScreen(
      grid(screen.lines(width: width), width: width, isUnicode: isUnicode),
      name("incidents", width, isUnicode))
  }

  @Test func whereNothingWentWrongThatIsSaid() {
    let screen = IncidentsScreen(incidents: [], service: [], objective: 0.999, now: Self.now, look: Look())
    #expect(grid(screen.lines(width: 80), width: 80, isUnicode: true).text == " no incident is known of")
  }

  @Test func anIncidentIsToldInOneLine() throws {
    let (incidents, now) = Self.incidents()
    let over = try #require(incidents.last)
    #expect(over.words(at: now).hasPrefix("\(over.nodeWords(width: 40)): "))
    #expect(over.words(at: now).hasSuffix(" requests failed"))
    #expect(incidents.first?.words(at: now).contains("and still") == true)
    #expect(incidents.first?.lasted(at: now).hasPrefix(">") == true)
  }

  @Test func namesThatDoNotFitAreCounted() {
    let time = Self.now
    let events = (1...30).map { number in
      Event(at: time, node: NodeName("web\(number)"), change: .health(from: .up, to: Verdict(.down)))
    }
    let incident = Incident.list(
      from: events, within: TimeSpan(from: time, to: time.advanced(by: .seconds(60)))
    ).first
    #expect(incident?.nodeWords(width: 24) == "web1, web2 and 28 more")
    #expect(incident?.nodeWords(width: 1) == "web1 and 29 more")
  }

  // MARK: A comparison

  private static func comparison(isBack: Bool = false) -> (Comparison, WallTime) {
    var site = Site.usual()
    var model = ClusterModel(layout: site.layout)
    for _ in 0..<20 { _ = model.advance(with: site.tick()) }
    let before = model.snapshot
    site.servers = zip(site.servers, Site.troubled().servers).map { old, new in old.changed(to: new) }
    site["web1"].weight = 50
    for _ in 0..<90 { _ = model.advance(with: site.tick()) }
    let after = model.snapshot
    return (isBack ? Comparison(from: after, to: before) : Comparison(from: before, to: after), site.now.wall)
  }

  @Test(arguments: widths, looks) func twoMomentsBesideEachOther(width: Int, isUnicode: Bool) {
    let (comparison, now) = Self.comparison()
    let screen = CompareScreen(comparison: comparison, now: now, look: Look(isUnicode: isUnicode))
    expectScreen(
      grid(screen.lines(width: width), width: width, isUnicode: isUnicode), name("compare", width, isUnicode))
  }

  @Test func theOtherWayRoundIsEarlier() {
    let (comparison, now) = Self.comparison(isBack: true)
    let lines = CompareScreen(comparison: comparison, now: now, look: Look()).lines(width: 140)
    let text = grid(lines, width: 140, isUnicode: true).text
    #expect(text.contains("1m earlier"))
    #expect(text.contains("down → up"))
  }

  @Test func whereNothingDiffersThatIsSaid() {
    var site = Site.usual()
    var model = ClusterModel(layout: site.layout)
    for _ in 0..<5 { _ = model.advance(with: site.tick()) }
    let comparison = Comparison(from: model.snapshot, to: model.snapshot)
    let lines = CompareScreen(comparison: comparison, now: site.now.wall, look: Look()).lines(width: 80)
    #expect(lines.count == 3)
    #expect(
      grid(lines, width: 80, isUnicode: true).text.hasSuffix("nothing differs that is worth being told"))
  }

  // MARK: Words

  @Test func aShareThatIsMeantToBeAllIsNeverRoundedUp() {
    let found = [1, 0.999999, 0.99999, 0.9999, 0.999, 0.99987, 0.5, 0].map { Figures.availability($0) }
    #expect(
      found == [
        "100 %", "99.999 %", "99.999 %", "99.99 %", "99.9 %", "99.987 %", "50.0 %", "0.0 %",
      ])
    #expect(Figures.availability(nil) == "-")
  }

  @Test func aMomentIsWrittenAsShortAsItsDayAllows() {
    func text(_ ago: Duration) -> String { Figures.moment(Self.ago(ago), now: Self.now, utcOffset: 0) }
    #expect(text(.seconds(60)) == "14:29:00")
    #expect(text(.seconds(86_400)) == "11-20 14:30")
    #expect(text(.seconds(400 * 86_400)) == "2025-10-17")
  }

  @Test func wordsThatAreNoTimeAreAnsweredWithWhatIs() {
    #expect(TimeFault.notUnderstood("noon").words.hasPrefix("\"noon\" is no time; understood are 14:05, "))
    #expect(TimeFault.noSuchTime("25:00").words.hasPrefix("\"25:00\": no clock shows that"))
    #expect(TimeFault.empty.words.hasPrefix("no time is given"))
    #expect(TimeFault.noSuchDate("2026-02-30").words.hasPrefix("\"2026-02-30\": no calendar has that"))
  }
}
