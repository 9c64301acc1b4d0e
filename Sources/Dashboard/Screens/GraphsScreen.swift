import Cluster

/// The four figures of a node, a tier or the whole cluster over a stretch of time: from the record, or where there
/// is none, the last minutes as they are remembered.
struct GraphsScreen {
  let state: State

  func draw(on canvas: inout Canvas) {
    drawSubject(on: &canvas)
    let (metrics, columns, rows) = arrangement(width: canvas.width, height: canvas.height - 1)
    guard columns > 0, rows > 0 else { return }
    let width = (canvas.width - (columns - 1) * 2) / columns
    let height = (canvas.height - 1) / rows
    for (index, metric) in metrics.enumerated() {
      let rect = Rect(
        x: index % columns * (width + 2), y: 1 + index / columns * height, width: width, height: height)
      canvas.touch(rect, .metric(metric))
      canvas.within(rect) { canvas in drawPanel(metric, on: &canvas) }
    }
  }

  /// Which panels are shown, and in how many columns and rows.
  private func arrangement(width: Int, height: Int) -> ([Metric], columns: Int, rows: Int) {
    let columns = width >= 72 ? 2 : 1
    let rows = max(1, min(4 / columns, height / 6))
    let count = columns * rows
    let all = Metric.allCases
    let first = count >= all.count ? 0 : min(state.metric.rawValue, all.count - count)
    return (Array(all[max(0, first)..<min(all.count, max(0, first) + count)]), columns, rows)
  }

  private func drawSubject(on canvas: inout Canvas) {
    var x = 1
    let ellipsis = state.glyphs.ellipsis
    switch state.graphed {
    case .cluster:
      x = canvas.write("whole cluster", x: x, y: 0, style: Style(.title, .bold))
    case .tier(let tier):
      let info = state.topology.tiers[tier]
      x = canvas.write(
        "tier \(info.name.text.shortened(24, ellipsis: ellipsis))", x: x, y: 0, style: Style(.title, .bold))
      x = canvas.write("\(info.nodes.count) nodes", x: x + 2, y: 0, style: Style(.label))
    case .node(let place):
      let node = state.topology.nodes[place]
      let verdict = state.snapshot.nodes[place].verdict
      x = canvas.write(
        node.name.text.shortened(32, ellipsis: ellipsis), x: x, y: 0, style: Style(.title, .bold))
      x = canvas.write(
        "\(state.glyphs.state(verdict.state)) \(verdict.mark)", x: x + 2, y: 0,
        style: Style(verdict.state.role))
    }
    if let graph = state.recordedGraph {
      let span = graph.request.span.length
      let column = Figures.age(span / max(1, graph.request.columns))
      let words = canvas.width < 60 ? Figures.span(span) : "\(Figures.span(span)), a dot \(column)"
      if canvas.width - words.count > x + 2 {
        canvas.write(words, endingAt: canvas.width - 1, y: 0, style: Style(.label))
      }
      return
    }
    let trail = state.graphedTrail(.qps)
    let parts = self.parts(width: canvas.width)
    let perPart = Plot.slotsPerPart(trail, count: parts)
    let span = trail.slotWidth * (perPart * parts)
    let words = "the last \(Figures.span(span))"
    if canvas.width - words.count > x + 2 {
      canvas.write(words, endingAt: canvas.width - 1, y: 0, style: Style(.label))
    }
  }

  private static let axisWidth = 9

  /// How many parts the graphs of a screen of that width have.
  func parts(width: Int) -> Int { plotWidth(panel: width >= 72 ? (width - 2) / 2 : width) }

  /// How many parts of a trail a panel of that width shows.
  private func plotWidth(panel: Int) -> Int {
    max(0, panel - Self.axisWidth - 1) * PlotArea.partsPerCell(state.glyphs)
  }

  private func drawPanel(_ metric: Metric, on canvas: inout Canvas) {
    let parts = plotWidth(panel: canvas.width)
    let plot = self.plot(of: metric, parts: parts)
    drawTitle(metric, plot, on: &canvas)
    let height = canvas.height - 3
    guard height > 0, canvas.width > Self.axisWidth + 4 else { return }
    let bound = Plot.niceBound(
      above: plot.highest, atLeast: metric.leastBound)
    let line = Style(.line)
    for y in 2..<2 + height {
      canvas.put(Cell(scalar: state.glyphs.vertical, style: line), x: Self.axisWidth - 1, y: y)
    }
    let label = Style(.label)
    canvas.write(metric.text(bound), endingAt: Self.axisWidth - 2, y: 2, style: label)
    if height >= 5 {
      // The middle of the axis stands on the line whose middle it is.
      let middle = 2 + height / 2
      let value = bound * (Float(2 + height - middle) - 0.5) / Float(height)
      if height % 2 == 1 {
        canvas.write(metric.text(value), endingAt: Self.axisWidth - 2, y: middle, style: label)
      }
    }
    if height > 1 { canvas.write("0", endingAt: Self.axisWidth - 2, y: 1 + height, style: label) }
    let area = Rect(x: Self.axisWidth, y: 2, width: canvas.width - Self.axisWidth - 1, height: height)
    canvas.within(area) { canvas in
      PlotArea(plot: plot, bound: bound, limit: metric.limit(state.graphedLimits), glyphs: state.glyphs)
        .draw(on: &canvas)
    }
    drawTimes(plot.partWidth * parts, on: &canvas, y: canvas.height - 1)
  }

  /// The times of the beginning, the middle and the end under a panel.
  private func drawTimes(_ remembered: Duration, on canvas: inout Canvas, y: Int) {
    let label = Style(.label)
    let (start, end) = (Self.axisWidth, canvas.width - 1)
    guard let graph = state.recordedGraph else {
      canvas.write("-" + Figures.span(remembered), x: start, y: y, style: label)
      canvas.write(state.past == nil ? "now" : "then", endingAt: end, y: y, style: label)
      return
    }
    let span = graph.request.span
    func text(_ time: WallTime) -> String {
      Figures.axis(time, of: span, utcOffset: state.look.utcOffset)
    }
    let last = state.isGraphLive ? "now" : text(span.end)
    let middle = text(span.start(ofPart: 1, count: 2))
    canvas.write(text(span.start), x: start, y: y, style: label)
    canvas.write(last, endingAt: end, y: y, style: label)
    let place = (start + end - middle.count) / 2
    if place >= start + middle.count + 2, place + middle.count + 2 <= end - last.count {
      canvas.write(middle, x: place, y: y, style: label)
    }
  }

  private func plot(of metric: Metric, parts: Int) -> Plot {
    let trail = state.graphedTrail(metric)
    if let series = state.recordedGraph?.series[metric] {
      return Plot(series, newest: trail.newest, moment: moment)
    }
    // All panels show the same stretch of time.
    let perPart = Plot.slotsPerPart(state.graphedTrail(.qps), count: parts)
    return Plot(TrailParts(trail, count: parts, slotsPerPart: perPart, tick: state.tick(of: trail)))
  }

  /// The middle of the tick that is looked at; nil while that is now.
  private var moment: WallTime? {
    state.past.map { $0.place.at.advanced(by: .zero - state.topology.plan.interval / 2) }
  }

  private func drawTitle(_ metric: Metric, _ plot: Plot, on canvas: inout Canvas) {
    let isFocused = state.metric == metric
    canvas.write(metric.title, x: 1, y: 0, style: Style(isFocused ? .accent : .title, .bold))
    canvas.write(
      metric.text(plot.newest).trailing(8), endingAt: canvas.width - 1, y: 0, style: Style(.title, .bold))
    if canvas.width > 30 {
      canvas.write(state.past == nil ? "now" : "then", endingAt: canvas.width - 9, y: 0, style: Style(.label))
    }
    var x = 1
    if let past = state.past, plot.moment != nil {
      x = drawMoment(past.place.at, metric, plot, on: &canvas) + 3
      // Where there is room for one of both, it is the moment that is looked at.
      guard x + 47 <= canvas.width else { return }
      x = canvas.width - 47
    }
    for (name, value) in [("min", plot.least), ("mean", plot.mean), ("max", plot.most)] {
      guard x + name.count + 8 <= canvas.width else { break }
      x = canvas.write(name, x: x, y: 1, style: Style(.label))
      x = canvas.write(metric.text(value).trailing(8), x: x, y: 1) + 2
    }
  }

  /// What the graph says of the moment: `14:05:10  12/s (3/s to 80/s)`; returns where it ends.
  private func drawMoment(
    _ time: WallTime, _ metric: Metric, _ plot: Plot, on canvas: inout Canvas
  ) -> Int {
    let column = plot.moment.flatMap { $0.column }
    var words = metric.text(column?.mean)
    if let column, metric.text(column.min) != metric.text(column.max) {
      words += " (\(metric.text(column.min)) to \(metric.text(column.max)))"
    }
    let moment = Figures.moment(time, now: state.present.now?.wall, utcOffset: state.look.utcOffset)
    var x = 1
    if x + moment.count + 1 + words.count < canvas.width {
      x = canvas.write(moment, x: x, y: 1, style: Style(.replay)) + 1
    }
    return canvas.write(words, x: x, y: 1)
  }
}
