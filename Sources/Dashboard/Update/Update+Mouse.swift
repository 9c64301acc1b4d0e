extension State {
  /// A click means what is drawn there.
  mutating func use(_ event: MouseEvent) -> [Effect] {
    switch event.kind {
    case .wheelUp: scroll(-3)
    case .wheelDown: scroll(3)
    case .click, .doubleClick:
      // A change is decided on with keys, never by a click beside it.
      if isPanelOpen { return [] }
      message = nil
      guard let target = scene(of: self, size: size).target(x: event.x, y: event.y) else { return [] }
      let isDouble = event.kind == .doubleClick
      switch target {
      case .node(let name):
        select(name)
        if isDouble { return carryOut(.dive) }
      case .alert(let name):
        select(name)
        if isDouble { page = .detail(top: 0) }
      case .event(let place):
        selectedEvent = place
        if isDouble { return carryOut(.dive) }
      case .view(let view): show(view)
      case .sort(let key):
        sort(by: key, descending: sort.key == key ? !sort.isDescending : key.prefersDescending)
      case .metric(let metric): self.metric = metric
      case .help: openHelp()
      case .panel: break
      case .timeBar:
        if let time = timeBar?.time(x: event.x, width: size.width) { return [.look(.at(time))] }
      }
    }
    return []
  }
}
