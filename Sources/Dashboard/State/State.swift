public import Cluster

/// Everything the dashboard knows: the cluster and what a person looks at. `update` changes it, `render`
/// draws it.
public struct State: Sendable {
  /// What is now, and while somebody looks at the past, that too: the last one is shown.
  var pictures: [Picture]
  let preferences: ScreenPreferences
  let look: Look
  /// What is shown, where nothing is live: what is now is its end then.
  let file: SavedStretch?

  /// The size of the terminal, as the last resize said.
  public internal(set) var size = Size(width: 80, height: 24)

  /// The theme to show it in.
  public internal(set) var theme: ScreenPreferences.ThemeName
  /// The view, under whatever page lies over it.
  public internal(set) var view: ScreenPreferences.View
  /// The selected node. It stays selected while it is filtered out or not seen.
  public internal(set) var selection: NodeName?

  var page = Page.view
  var prompt: Prompt?
  /// What there is to say about the last command; gone with the next key.
  var message: String?
  /// The sequence of candidates that Tab goes through, and where it is.
  var completion: Completion?

  var filter = Filter()
  var sort = Sort.layout
  /// The nodes that pass the filter, in the order of the table: places in `topology.nodes`.
  private(set) var listing: [Int] = []
  /// The same nodes tier by tier, in the order of the topology.
  private(set) var passing: [Int] = []
  /// The first line of the table that is on the screen.
  var tableTop = 0
  /// The table shows the selected node; not while the wheel looks elsewhere.
  var isSelectionFollowed = true

  var subject = Subject.node
  var metric = Metric.qps

  /// The selected event, counted from the newest.
  var selectedEvent = 0
  var eventTop = 0

  var changes: ChangeDesk
  /// Where in the past somebody looks; nil while it is now.
  private(set) var past: Past?
  /// What the bar of time shows; nil where there is no record.
  var strip: TimeStrip?
  /// How long a time it shows.
  var stripLength = Duration.seconds(900)
  /// Whether that stays where it is: somebody has moved it away from the moment that is shown.
  var isWindowHeld = false
  /// The newest graph from the record, and one that has been asked for and has not come yet.
  var graph: GraphPicture?
  var askedGraph: GraphRequest?
  /// Whether the newer of these ends now, and grows with each tick.
  var isGraphLive = false
  /// The moment that others are compared with.
  var marked: Snapshot?
  var record = IncidentsPicture()
  private var unrecorded: [Event] = []
  /// Who records; nil until that is known.
  var keeper: RecordKeeper?

  private(set) var nameWidths: NameWidths
  private var haystacks: [[UInt8]] = []

  /// What lies over the view.
  enum Page: Hashable, Sendable {
    case view
    /// First line that is shown.
    case detail(top: Int)
    /// First line that is shown, and whether a detail is under it.
    case help(top: Int, overDetail: Bool)
    /// What is different from a marked moment; first line that is shown.
    case comparison(top: Int)
    /// What went wrong; the selected one, counted from the newest.
    case incidents(selected: Int)
  }

  struct Completion: Hashable, Sendable {
    var candidates: [String]
    var place: Int
  }

  /// A dashboard that has seen nothing yet.
  /// `actor` is who changes things from here; nobody does where it is read-only.
  public init(
    model: ClusterModel, preferences: ScreenPreferences, look: Look,
    actor: Actor = Actor(user: "", host: "", terminal: ""), isReadOnly: Bool = false,
    file: SavedStretch? = nil
  ) {
    pictures = [Picture(model: model)]
    changes = ChangeDesk(actor: actor, isReadOnly: isReadOnly)
    self.preferences = preferences
    self.look = look
    self.file = file
    // All of it, as long as that is seen tick by tick.
    if let file { stripLength = max(.seconds(1), min(file.span.length, .seconds(86_400))) }
    theme = preferences.theme
    view = preferences.view
    nameWidths = NameWidths(model.snapshot.topology)
    adoptTopology()
  }

  // MARK: What is shown

  /// The cluster as it is shown.
  public var snapshot: Snapshot { pictures[pictures.count - 1].model.snapshot }

  var topology: Topology { pictures[pictures.count - 1].model.snapshot.topology }

  /// The cluster up to what is shown.
  var model: ClusterModel { pictures[pictures.count - 1].model }

  /// The time that is shown; nil before the first.
  var now: Moment? { pictures[pictures.count - 1].now }

  /// When the newest frame that is shown began; nil before the first.
  var newestFrame: Moment? { pictures[pictures.count - 1].newestFrame }

  /// Up to what is shown, oldest first.
  var events: [Event] { pictures[pictures.count - 1].events }

  /// What is now, whatever is shown.
  var present: Picture { pictures[0] }

  var glyphs: Glyphs { Glyphs(isUnicode: look.isUnicode) }

  /// Where keys are pressed now.
  var scope: Scope {
    if prompt != nil { return .prompt }
    if let proposal = changes.proposal { return proposal.nameToType == nil ? .preview : .floor }
    if changes.shown != nil { return .progress }
    switch page {
    case .help: return .help
    case .detail: return .detail
    case .comparison, .incidents: return .record
    case .view:
      switch view {
      case .map: return .map
      case .table: return .table
      case .graphs: return .graphs
      case .events: return .events
      }
    }
  }

  /// The selected node's place in the topology; nil where it is not there (any more).
  var selectedPlace: Int? { selection.flatMap(topology.place(of:)) }

  /// The age of the newest good reading of any source; nil where there is none.
  var newestAge: Duration? {
    var newest: Duration?
    for source in snapshot.sources {
      if let age = source.age, newest.map({ age < $0 }) ?? true { newest = age }
    }
    guard let age = newest else { return nil }
    guard let now else { return age }
    return age + max(.zero, now.since(snapshot.at))
  }

  /// Nothing has been read for three intervals.
  var isLate: Bool {
    guard past == nil, let newestFrame, let now else { return false }
    let age = newestAge ?? now.since(newestFrame)
    return max(age, now.since(newestFrame)) > topology.layout.interval * 3
  }

  // MARK: The past

  /// Shows the cluster as it was. What is now goes on beside it.
  mutating func show(_ picture: PastPicture) {
    let before = topology
    pictures = [pictures[0], Picture(picture)]
    past = Past(place: picture.place, gap: picture.gap)
    // Where the moment has left what somebody looked at, that follows it again.
    if let strip, !strip.span.contains(picture.place.at) { isWindowHeld = false }
    selectedEvent = 0
    eventTop = 0
    changes.proposal = nil
    if topology !== before { adoptTopology() } else { relist() }
  }

  /// Fills the trails of what is shown of the past: nothing else of it changes.
  mutating func fillTrails(from model: ClusterModel, at sequence: Int64) {
    guard let past, past.place.sequence == sequence else { return }
    pictures[pictures.count - 1].model.adoptTrails(of: model)
  }

  /// Back to what is now.
  mutating func showPresent() {
    isWindowHeld = false
    guard past != nil else { return }
    if let file {
      message = "there is no live: this is what was saved in \(file.name)"
      return
    }
    past = nil
    pictures.removeLast()
    selectedEvent = 0
    eventTop = 0
    adoptTopology()
  }

  // MARK: Taking in

  /// What is now begins with what somebody else has seen until now.
  mutating func begin(with model: ClusterModel, at moment: Moment, events: [Event]) {
    pictures[0] = Picture(model: model, at: moment, events: events)
    if pictures.count == 1 { adoptTopology() }
  }

  mutating func advance(with frame: Frame) {
    let before = topology
    let news = pictures[0].advance(with: frame)
    if !frame.isBetweenTicks { growGraph() }
    if pictures.count == 1 {
      if topology !== before { adoptTopology() } else { relist() }
    }
    record(news)
  }

  mutating func age(to moment: Moment) { pictures[0].age(to: moment) }

  /// What has happened since this was asked last: what is to be recorded with the newest frame.
  public mutating func takeNews() -> [Event] {
    defer { unrecorded.removeAll(keepingCapacity: true) }
    return unrecorded
  }

  /// The cluster as it is now, whatever is shown.
  public var presentSnapshot: Snapshot { pictures[0].model.snapshot }

  /// Notes what has happened now.
  mutating func record(_ news: [Event]) {
    guard !news.isEmpty else { return }
    pictures[0].note(news)
    unrecorded += news
    // Who reads older events must not have them pushed away.
    if pictures.count == 1, selectedEvent > 0 || eventTop > 0 {
      selectedEvent += news.count
      eventTop += news.count
    }
    selectedEvent = min(selectedEvent, events.count - 1)
  }

  private mutating func adoptTopology() {
    haystacks = Filter.haystacks(of: topology)
    nameWidths = NameWidths(topology)
    relist()
    if selection == nil { selection = topology.nodes.first?.name }
  }

  /// Makes the listing anew: after a frame, another filter or another order. O(n log n) in the nodes.
  mutating func relist() {
    passing = filter.places(in: snapshot, haystacks: haystacks)
    listing = sort.ordered(passing, in: snapshot)
  }

  /// The event at a place counted from the newest.
  func event(_ place: Int) -> Event? {
    place >= 0 && place < events.count ? events[events.count - 1 - place] : nil
  }
}
