/// Two readings of one HAProxy process, to be compared row by row. Not copyable: a copy a row would retain all of
/// its arrays.
struct StatWindow: ~Copyable {
  let newer: StatTable
  private let older: StatTable?
  let seconds: Double
  // The arrays themselves: a table in between would be retained for every figure that is read.
  private let figures: [Int64]
  /// Empty where there is nothing to compare with.
  private let figuresBefore: [Int64]
  /// For each row of `newer` its row before, or -1; empty where both have the same roster.
  private let rowBefore: [Int32]

  /// Without an older table there are states and gauges, but no differences.
  init(newer: StatTable, older: StatTable?, window: Duration?) {
    self.newer = newer
    self.older = older
    figures = newer.figures
    seconds = window?.seconds ?? 0
    if let older, window != nil {
      figuresBefore = older.figures
      rowBefore = older.roster === newer.roster ? [] : StatWindow.rows(of: newer.roster, in: older.roster)
    } else {
      figuresBefore = []
      rowBefore = []
    }
  }

  /// The figures between those that go on by themselves, as ranges.
  private static let told: [Range<Int>] = {
    let ends = [StatFigure.lastchg, .downtime, .checkDuration, .lastsess].map(\.rawValue).sorted()
    return zip([0] + ends.map { $0 + 1 }, ends + [StatFigure.count]).map { $0..<$1 }
  }()

  /// Whether a row says the same in both, but for what goes on by itself while nothing happens.
  func isSame(_ row: Int) -> Bool {
    guard rowBefore.isEmpty, !figuresBefore.isEmpty, seconds > 0, let older else { return false }
    let base = row &* StatFigure.count
    for range in StatWindow.told {
      for place in range where figures[base &+ place] != figuresBefore[base &+ place] { return false }
    }
    for note in StatNote.allCases where newer[row, note] != older[row, note] { return false }
    return true
  }

  /// How much a counter grew; nil where it is absent, new, or fell.
  func growth(_ row: Int, _ figure: StatFigure) -> Int64? {
    let place = rowBefore.isEmpty ? row : Int(rowBefore[row])
    guard place >= 0, !figuresBefore.isEmpty else { return nil }
    let now = figures[row &* StatFigure.count &+ figure.rawValue]
    let was = figuresBefore[place &* StatFigure.count &+ figure.rawValue]
    guard now != StatTable.absent, was != StatTable.absent, now >= was else { return nil }
    return now &- was
  }

  /// A figure as it is now; nil where it is absent.
  private func now(_ row: Int, _ figure: StatFigure) -> Int64? {
    let value = figures[row &* StatFigure.count &+ figure.rawValue]
    return value == StatTable.absent ? nil : value
  }

  /// What a server took and failed to take.
  ///
  /// HAProxy counts a server's `req_tot` when its answer begins (seen with 2.6), so that a request that was
  /// never answered is in `eresp` only: requests are the sum of both. For TCP, `stot` counts each attempt to
  /// connect, so that failed ones, retries and redispatches are taken off.
  func server(_ row: Int) -> Traffic {
    var traffic = Traffic()
    traffic.latencyMax = now(row, isHTTP(row) ? .rtimeMax : .ctimeMax).map(Double.init)
    let unanswered = growth(row, .eresp)
    let refused = growth(row, .econ)
    if isHTTP(row) {
      guard let answered = answered(row) else { return traffic }
      let requests = answered &+ (unanswered ?? 0)
      let errors = sum(growth(row, .hrsp5xx), unanswered, refused)
      traffic.count(requests, errors: errors, attempts: requests &+ (refused ?? 0), within: seconds)
      if requests > 0 { take(latency(row, of: answered), into: &traffic) }
    } else {
      guard let attempts = growth(row, .stot) else { return traffic }
      let again = (growth(row, .wretr) ?? 0) &+ (growth(row, .wredis) ?? 0)
      let taken = max(0, attempts &- (refused ?? 0) &- again)
      traffic.count(
        taken, errors: sum(unanswered, refused, 0), attempts: taken &+ (refused ?? 0), within: seconds)
      if taken > 0 { traffic.latency = now(row, .ctime).map(Double.init) }
    }
    return traffic
  }

  /// What a frontend took or a backend passed on. Errors are the 5xx that the client saw.
  func proxy(_ row: Int) -> Traffic {
    var traffic = Traffic()
    traffic.latencyMax = now(row, isHTTP(row) ? .rtimeMax : .ctimeMax).map(Double.init)
    if isHTTP(row) {
      guard let requests = answered(row) else { return traffic }
      traffic.count(requests, errors: growth(row, .hrsp5xx), attempts: requests, within: seconds)
    } else {
      guard let sessions = growth(row, .stot) else { return traffic }
      let errors =
        newer.roster.rows[row].kind == .backend ? sum(growth(row, .econ), growth(row, .eresp), 0) : nil
      traffic.count(sessions, errors: errors, attempts: sessions, within: seconds)
    }
    // Not the total time: with connections that are kept alive it counts what the client thought about.
    if let requests = traffic.requests, requests > 0 {
      if isHTTP(row) {
        take(latency(row, of: requests), into: &traffic)
      } else {
        traffic.latency = now(row, .ctime).map(Double.init)
      }
    }
    return traffic
  }

  /// How many answers HAProxy averages over (`TIME_STATS_SAMPLES`): each new one has this part of the average.
  private static let samples = 512.0

  private func take(_ latency: (mean: Double, least: Double)?, into traffic: inout Traffic) {
    traffic.latency = latency?.mean
    traffic.latencyLeast = latency?.least
  }

  /// The mean time to answer, in milliseconds, and what that of the newest window was at least.
  ///
  /// HAProxy's average is of its last 512 answers, and at forty a second what has just become slow, or is well
  /// again, hardly shows in it. Two such averages and the number of answers between them give the mean of these
  /// answers alone, but for what rounding to milliseconds hides. Where that is clearly another one it is the truth
  /// of now; where it is not, HAProxy's own stands more still.
  private func latency(_ row: Int, of answers: Int64) -> (mean: Double, least: Double)? {
    guard let now = now(row, .rtime).map(Double.init) else { return nil }
    let place = rowBefore.isEmpty ? row : Int(rowBefore[row])
    guard answers > 0, place >= 0, !figuresBefore.isEmpty, let all = self.now(row, .reqTot) else {
      return (now, 0)
    }
    let was = figuresBefore[place &* StatFigure.count &+ StatFigure.rtime.rawValue]
    guard was != StatTable.absent, all >= answers else { return (now, 0) }
    // The part of the newer average that is the older one: until there are enough, all count alike.
    let (before, after) = (Double(all &- answers), Double(all))
    let alike = min(after, max(before, StatWindow.samples))
    let kept =
      (before < alike ? before / alike : 1)
      * StatWindow.power(1 - 1 / StatWindow.samples, Int(min(after - alike, 16 * StatWindow.samples)))
    let recent = max(0, (now - Double(was) * kept) / (1 - kept))
    let blur = 1 / (1 - kept)
    return (abs(recent - now) > 2 * blur + now / 4 ? recent : now, max(0, recent - blur))
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }

  /// Status codes are counted where HTTP is spoken, and only there.
  private func isHTTP(_ row: Int) -> Bool { now(row, .hrsp2xx) != nil }

  /// Versions before 2.0 have no `req_tot` on servers: the answers are the requests.
  private func answered(_ row: Int) -> Int64? {
    if now(row, .reqTot) != nil { return growth(row, .reqTot) }
    var total: Int64 = 0
    for figure in [StatFigure.hrsp1xx, .hrsp2xx, .hrsp3xx, .hrsp4xx, .hrsp5xx, .hrspOther] {
      guard let growth = growth(row, figure) else { return nil }
      total &+= growth
    }
    return total
  }

  private func sum(_ a: Int64?, _ b: Int64?, _ c: Int64?) -> Int64? {
    guard let a, let b, let c else { return nil }
    return a &+ b &+ c
  }

  private static func rows(of newer: Roster, in older: Roster) -> [Int32] {
    struct Key: Hashable {
      var proxy: String
      var name: String
      var kind: RowKind
    }
    var places: [Key: Int32] = [:]
    places.reserveCapacity(older.count)
    for (place, row) in older.rows.enumerated() {
      places[Key(proxy: row.proxy, name: row.name, kind: row.kind)] = Int32(place)
    }
    return newer.rows.map { places[Key(proxy: $0.proxy, name: $0.name, kind: $0.kind)] ?? -1 }
  }
}

extension Traffic {
  /// Sets counts of a window, and the rates that follow from them.
  fileprivate mutating func count(_ requests: Int64, errors: Int64?, attempts: Int64, within seconds: Double)
  {
    self.requests = requests
    self.errors = errors
    self.attempts = attempts
    guard seconds > 0 else { return }
    qps = Double(requests) / seconds
    attemptRate = Double(attempts) / seconds
    errorRate = errors.flatMap { attempts > 0 ? Double($0) / Double(attempts) : nil }
  }
}
