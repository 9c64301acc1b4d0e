import Cluster

/// The first line: which cluster, how fresh, and its figures in fields that stand still.
struct Header {
  let state: State

  /// A piece of the line. Lower ranks stay longest where it is narrow.
  private struct Piece {
    var rank: Int
    var runs: [(text: String, style: Style)]

    var width: Int { runs.reduce(0) { $0 + $1.text.columns } }
  }

  func draw(on canvas: inout Canvas, y: Int) {
    let help = "[?]help"
    var pieces = self.pieces
    let room = canvas.width - 1
    func total() -> Int { pieces.reduce(0) { $0 + $1.width } + 2 * (pieces.count - 1) }
    while pieces.count > 1, total() > room, let last = pieces.map(\.rank).max() {
      pieces.removeAll { $0.rank == last }
    }
    var x = canvas.width > 20 ? 1 : 0
    for piece in pieces {
      for run in piece.runs { x = canvas.write(run.text, x: x, y: y, style: run.style) }
      x += 2
    }
    let place = canvas.width - help.count - 1
    if place > x {
      canvas.write("[", x: place, y: y, style: Style(.label))
      canvas.write("?", x: place + 1, y: y, style: Style(.accent))
      canvas.write("]help", x: place + 2, y: y, style: Style(.label))
      canvas.touch(Rect(x: place, y: y, width: help.count, height: 1), .help)
    }
  }

  private var pieces: [Piece] {
    let snapshot = state.snapshot
    let total = snapshot.total
    let isOld = state.isLate || state.newestFrame == nil
    let figures = isOld ? Style(.stale, .dim) : Style(.text)
    let label = Style(.label)
    let qps = Figures.rate(total.qps)
    return [
      Piece(rank: 7, runs: [("tiertop", Style(.label))]),
      Piece(
        rank: 3,
        runs: [
          (
            snapshot.topology.layout.cluster.shortened(24, ellipsis: state.glyphs.ellipsis),
            Style(.title, .bold)
          )
        ]),
      Piece(rank: 0, runs: freshness),
      Piece(rank: 6, runs: age),
      Piece(
        rank: 1,
        runs: [
          (qps.hasSuffix("/s") ? String(qps.dropLast(2)).trailing(5) : qps.trailing(5), figures),
          (" req/s", label),
        ]),
      Piece(
        rank: 2, runs: [("err ", label), (Figures.percent(total.errorRate).trailing(7), figures)]),
      Piece(rank: 4, runs: [("avg ", label), (Figures.latency(total.latency).trailing(7), figures)]),
    ].filter { !$0.runs.isEmpty }
  }

  private var freshness: [(text: String, style: Style)] {
    let offset = state.look.utcOffset
    guard let now = state.now else { return [("STARTING", Style(.replay))] }
    let time = Figures.timeOfDay(now.wall, utcOffset: offset)
    if let file = state.file {
      return [
        (" REPLAY ", Style(.replay, [.reverse, .bold])),
        (" \(day(of: now.wall))\(time)", Style(.replay)),
        (" of \(file.name.shortened(32, ellipsis: state.glyphs.ellipsis))", Style(.label)),
      ]
    }
    if state.past != nil, let present = state.present.now {
      let ago = max(.zero, Duration.nanoseconds(present.wall.nanoseconds &- now.wall.nanoseconds))
      return [
        (" REPLAY ", Style(.replay, [.reverse, .bold])),
        (" \(date(of: now.wall, beside: present.wall))\(time)", Style(.replay)),
        (" \(Figures.span(ago)) ago", Style(.label)),
      ]
    }
    guard state.newestFrame != nil else { return [("STARTING ", Style(.replay)), (time, Style(.text))] }
    if state.isLate {
      let age = state.newestAge.map { " FOR \(Figures.span($0))" } ?? ""
      return [(" NO DATA\(age) ", Style(.down, [.reverse, .bold])), (" " + time, Style(.text))]
    }
    return [("LIVE ", Style(.live)), (time, Style(.text))]
  }

  /// The day, where it is another one than today's.
  private func date(of time: WallTime, beside present: WallTime) -> String {
    let then = time.calendar(offsetSeconds: state.look.utcOffset)
    let now = present.calendar(offsetSeconds: state.look.utcOffset)
    if (then.year, then.month, then.day) == (now.year, now.month, now.day) { return "" }
    return day(of: time)
  }

  private func day(of time: WallTime) -> String {
    let then = time.calendar(offsetSeconds: state.look.utcOffset)
    return "\(then.year)-\(Figures.twoDigits(then.month))-\(Figures.twoDigits(then.day)) "
  }

  private var age: [(text: String, style: Style)] {
    if state.isLate || state.newestFrame == nil || state.past != nil { return [] }
    return [("age ", Style(.label)), (Figures.age(state.newestAge).trailing(4), Style(.text))]
  }
}
