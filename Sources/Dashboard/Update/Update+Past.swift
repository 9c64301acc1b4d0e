import Cluster

extension State {
  /// The time that is shown; where nothing was read yet, none.
  private var shownTime: WallTime? { now?.wall }

  mutating func look(_ motion: Intent.PastMotion) -> [Effect] {
    guard let time = shownTime else { return [] }
    switch motion {
    case .step(let count):
      // From now, one step back is the newest that is recorded.
      guard let past else { return count < 0 ? [.look(.at(time))] : [] }
      return [.look(.step(count, from: past.place))]
    case .by(let span):
      let wanted = WallTime(nanoseconds: time.nanoseconds &+ span.nanoseconds)
      if let present = present.now?.wall, wanted >= present { return lookAtEnd(present) }
      return [.look(.at(wanted))]
    case .nextIncident: return past == nil ? [] : [.look(.incident(after: time))]
    case .previousIncident: return [.look(.incidentBefore(time))]
    case .pause:
      if past == nil { return [.look(.at(time))] }
      showPresent()
      return []
    case .present:
      showPresent()
      return []
    case .goTo:
      prompt = Prompt(kind: .time, text: "", before: "")
      return []
    case .zoomIn: return zoom { $0.zoomedIn(around: time) }
    case .zoomOut: return zoom { $0.zoomedOut(around: time) }
    case .pan(let share): return pan(by: share)
    }
  }

  /// What is now, or where a file ends.
  private mutating func lookAtEnd(_ present: WallTime) -> [Effect] {
    if file != nil { return [.look(.at(present))] }
    showPresent()
    return []
  }

  private mutating func zoom(_ change: (TimeSpan) -> TimeSpan) -> [Effect] {
    guard let strip else { return [] }
    stripLength = change(strip.span).length
    if isWindowLive { return lookForStrip(TimeSpan(stripLength, until: strip.span.end)) }
    return lookForStrip(notLater(change(strip.span)))
  }

  /// Moves the stretch that is shown, by a share of its length; the moment that is shown stays.
  private mutating func pan(by share: Double) -> [Effect] {
    guard let strip, let present = present.now?.wall else { return [] }
    let from = isWindowLive ? TimeSpan(stripLength, until: present) : strip.span
    var span = notLater(from.panned(by: share))
    // At its end it goes on with the time again; that this went on while somebody looked keeps nobody from it.
    if share > 0, span.end.advanced(by: span.length / 10) >= present {
      span = TimeSpan(span.length, until: present)
    }
    isWindowHeld = past != nil || span.end < present
    return lookForStrip(span)
  }

  /// The same stretch, or where it reaches into the future, the one that ends now.
  private func notLater(_ span: TimeSpan) -> TimeSpan {
    guard let present = present.now?.wall, span.end > present else { return span }
    return TimeSpan(span.length, until: present)
  }

  // MARK: The bar of time

  /// The bar of what is shown: up to now, or a stretch around the moment of the past that is looked at, which
  /// stays while that is in it.
  func wantedStrip() -> [Effect] {
    guard let present = present.now?.wall else { return [] }
    if isWindowHeld { return [] }
    guard let past else {
      return isStripOld(at: present) ? lookForStrip(TimeSpan(stripLength, until: present)) : []
    }
    if let file, stripLength >= file.span.length {
      return strip?.span == file.span ? [] : lookForStrip(file.span)
    }
    if let strip, strip.span.contains(past.place.at) { return [] }
    let end = min(present, past.place.at.advanced(by: stripLength / 2))
    return lookForStrip(TimeSpan(stripLength, until: end))
  }

  /// Some seconds change nothing that is to be seen in it; what is bad is to be seen at once.
  private func isStripOld(at now: WallTime) -> Bool {
    guard let strip, strip.span.length == stripLength, let last = strip.parts.last else { return true }
    if now.distance(from: strip.span.end) >= .seconds(5) { return true }
    let worst = present.model.snapshot.nodes.lazy.map(\.verdict.state).filter(\.isBad).map(\.severity).max()
    return worst ?? 0 > last.worst?.severity ?? 0
  }

  private func lookForStrip(_ span: TimeSpan) -> [Effect] {
    let parts = TimeBar.parts(width: size.width, span: span, endsNow: isWindowLive, look: look)
    return parts > 0 ? [.lookForStrip(span, parts: parts)] : []
  }

  var timeBar: TimeBar? {
    strip.map { TimeBar(strip: $0, cursor: past?.place.at, endsNow: isWindowLive, look: look) }
  }

  var regions: Regions { Regions(size: size, hasBar: strip != nil) }

  // MARK: Comparing

  mutating func markMoment() {
    guard newestFrame != nil else { return }
    marked = snapshot
    message =
      "marked \(Figures.moment(snapshot.at.wall, now: present.now?.wall, utcOffset: look.utcOffset)):"
      + " go to another moment, and = shows what is different"
  }

  mutating func openComparison() {
    if marked == nil { message = "M marks a moment first" } else { page = .comparison(top: 0) }
  }

  var comparison: CompareScreen? {
    marked.map {
      CompareScreen(
        comparison: Comparison(from: $0, to: snapshot), now: present.now?.wall, look: look)
    }
  }

  // MARK: Incidents

  mutating func show(_ record: IncidentsPicture) {
    self.record = record
    page = .incidents(selected: 0)
  }

  /// Counting takes a moment: one incident after the other is counted while the list is looked at, as it is read.
  func wantedCounts() -> [Effect] {
    guard case .incidents = page, record.counted < record.incidents.count else { return [] }
    return [.countIncident(at: record.incidents[record.counted].start)]
  }

  mutating func take(_ counts: IncidentCounts?, ofIncidentAt start: WallTime) {
    let place = record.counted
    guard record.incidents.indices.contains(place), record.incidents[place].start == start else { return }
    record.counted += 1
    if let counts { record.incidents[place].take(counts) }
  }

  mutating func goToIncident(_ place: Int) -> [Effect] {
    guard record.incidents.indices.contains(place) else { return [] }
    page = .view
    if let node = record.incidents[place].nodes.first { select(node) }
    return [.look(.at(record.incidents[place].start))]
  }

  var incidentsScreen: IncidentsScreen? {
    present.now.map {
      IncidentsScreen(
        incidents: record.incidents, service: record.service, objective: topology.layout.objective,
        now: $0.wall, look: look)
    }
  }

  /// Goes to a moment that was typed.
  mutating func look(at text: String) -> [Effect] {
    guard let present = present.now?.wall else { return [] }
    do throws(TimeFault) {
      let time = try TimeExpression(parsing: text)
        .resolved(now: present, utcOffset: look.utcOffset, looking: past?.place.at)
      if time >= present { return lookAtEnd(present) }
      return [.look(.at(time))]
    } catch {
      message = error.words
      return []
    }
  }
}
