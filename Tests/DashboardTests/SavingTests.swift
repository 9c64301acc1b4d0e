import Cluster
import Testing

@testable import Dashboard

/// Saving a stretch as a file, and looking at one that was saved.
@Suite struct SavingTests {
  private func seconds(_ count: Int64) -> Int64 { count * 1_000_000_000 }

  /// A site as it was so long ago.
  private func picture(_ state: State, _ ago: Int64) throws -> PastPicture {
    let now = try #require(state.present.now)
    let then = Moment(wall: WallTime(nanoseconds: now.wall.nanoseconds - seconds(ago)), uptime: now.uptime)
    return PastPicture(
      place: PastPlace(sequence: 5, at: then.wall), model: state.model, at: then, events: [], gap: nil)
  }

  private func saved(_ effects: [Effect]) -> (span: TimeSpan, file: String)? {
    guard case .save(let span, let file)? = effects.first, effects.count == 1 else { return nil }
    return (span, file)
  }

  @Test func itIsAskedHowMuchAndWhere() throws {
    var site = Site.usual()
    var state = site.dashboard(ticks: 5)
    let now = try #require(state.now?.wall)
    state.hit(.character("S"))
    #expect(state.prompt?.kind == .save && state.prompt?.text == "15m")
    #expect(state.hit(.enter) == [])
    let span = TimeSpan(.seconds(900), until: now)
    #expect(state.prompt?.kind == .saveTo(span))
    let name = try #require(state.prompt?.text)
    #expect(name.hasPrefix("www.foobar.com-20") && name.hasSuffix("Z.tiertop"), "\(name)")
    let order = try #require(saved(state.hit(.enter)))
    #expect(order.span == span && order.file == name)
    #expect(state.prompt == nil)
  }

  @Test func aSpanAndTwoTimesAreUnderstood() throws {
    var site = Site.usual()
    var state = site.dashboard(ticks: 5)
    let now = try #require(state.now?.wall)
    for (text, start, end) in [
      ("1h", Int64(3600), Int64(0)), ("90s", 90, 0), ("1h ago .. 30m ago", 3600, 1800),
      ("30m ago .. 1h ago", 3600, 1800), ("20m ago", 1200, 0), ("20m ago..now", 1200, 0),
    ] {
      state.hit(.character("S"), .control("u"))
      state.type(text)
      state.hit(.enter)
      let expected = TimeSpan(
        from: WallTime(nanoseconds: now.nanoseconds - seconds(start)),
        to: WallTime(nanoseconds: now.nanoseconds - seconds(end)))
      #expect(state.prompt?.kind == .saveTo(expected), "\(text)")
      state.hit(.escape)
    }
    for text in ["soon", "1h ago ..", "..", "0s"] {
      state.hit(.character("S"), .control("u"))
      state.type(text)
      #expect(state.hit(.enter) == [])
      #expect(state.prompt == nil && state.message != nil, "\(text)")
    }
  }

  @Test func whileThePastIsShownItIsWhatTheBarShows() throws {
    var site = Site.usual()
    var state = site.dashboard(ticks: 5)
    _ = update(&state, .past(try picture(state, 3600)))
    let then = try #require(state.now?.wall)
    let bar = TimeSpan(.seconds(900), until: then.advanced(by: .seconds(300)))
    _ = update(&state, .strip(TimeStrip(span: bar, count: 10, events: [], gaps: [])))
    state.hit(.character("S"))
    state.hit(.enter)
    guard case .saveTo(let span)? = state.prompt?.kind else {
      Issue.record("\(String(describing: state.prompt))")
      return
    }
    // To the second.
    #expect(span.start <= bar.start && bar.start.distance(from: span.start) < .seconds(1))
    #expect(bar.end <= span.end && span.end.distance(from: bar.end) < .seconds(1))
  }

  @Test func aClusterWithAnyNameMakesAFileName() throws {
    var site = Site.usual()
    site.layout.cluster = "../a b/ü\u{2400}"
    var state = site.dashboard(ticks: 2)
    state.hit(.character("S"), .enter)
    let name = try #require(state.prompt?.text)
    #expect(name.hasPrefix("a-b---"), "\(name)")
    #expect(name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") })
  }

  // MARK: A file

  private func replay() throws -> (state: State, then: PastPicture, end: WallTime) {
    var site = Site.usual()
    let live = site.dashboard(ticks: 60)
    let end = try #require(live.now)
    let span = TimeSpan(.seconds(600), until: end.wall)
    var state = State(
      model: ClusterModel(layout: site.layout), preferences: site.layout.screen, look: Look(),
      isReadOnly: true, file: SavedStretch(name: "trouble.tiertop", span: span))
    _ = update(&state, .clock(end))
    let then = try picture(live, 300)
    return (state, then, end.wall)
  }

  @Test func theBarShowsAllOfAFile() throws {
    var (state, then, end) = try replay()
    let effects = update(&state, .past(then))
    guard case .lookForStrip(let span, _)? = effects.first else {
      Issue.record("\(effects)")
      return
    }
    #expect(span == TimeSpan(.seconds(600), until: end))
    _ = update(&state, .strip(TimeStrip(span: span, count: 10, events: [], gaps: [])))
    #expect(update(&state, .past(then)) == [])
  }

  @Test func graphsOfAFileShowTheStretchThatTheBarShows() throws {
    var (state, then, end) = try replay()
    _ = update(&state, .resize(Size(width: 80, height: 24)))
    _ = update(&state, .past(then))
    state.hit(.function(4))
    let span = TimeSpan(.seconds(300), until: end)
    let effects = update(&state, .strip(TimeStrip(span: span, count: 10, events: [], gaps: [])))
    guard case .lookForGraph(let request)? = effects.first else {
      Issue.record("\(effects)")
      return
    }
    #expect(request.span == span.onGrid(columns: request.columns))
  }

  @Test func nothingIsLiveInAFile() throws {
    var (state, then, end) = try replay()
    _ = update(&state, .past(then))
    for key in [Key.character("L"), .character("p")] {
      #expect(state.hit(key) == [])
      #expect(state.past != nil)
      #expect(state.message == "there is no live: this is what was saved in trouble.tiertop")
    }
    // Beyond its end is its end.
    #expect(state.hit(.character(")")) == [.look(.at(end))])
    state.hit(.character("t"))
    state.type("now")
    #expect(state.hit(.enter) == [.look(.at(end))])
    // It says so, and has no hint for a way back to what is live.
    for size in [Size(width: 80, height: 24), Size(width: 140, height: 40), Size(width: 40, height: 10)] {
      _ = update(&state, .resize(size))
      let text = render(state, size: size).text
      #expect(text.contains("REPLAY") && !text.contains("L live"), "\(text)")
      if size.width >= 80 { #expect(text.contains("of trouble.tiertop"), "\(text)") }
    }
  }

  @Test func nothingCanBeChangedInAFile() throws {
    var (state, then, _) = try replay()
    _ = update(&state, .past(then))
    for key: Key in [.character("d"), .character("r"), .character("m"), .character("w"), .character("u")] {
      #expect(state.hit(key) == [])
      #expect(state.changes.proposal == nil && state.prompt == nil)
      #expect(state.message != nil, "\(key)")
    }
    #expect(state.access == .readOnly(.file))
  }
}
