extension ServerReport {
  /// One server row, as its load balancer reports it.
  init(row: Int, in window: borrowing StatWindow, state: ServerStateTable.Row?) {
    let table = window.newer
    status = table[row, .status]
    checkStatus = table[row, .checkStatus]
    lastCheck = table[row, .lastCheck]
    let word = StatusWord(status)
    admin = state?.admin.admin ?? (word == .maint ? .maint : word == .drain ? .drain : .ready)
    flags = state?.admin
    isBackup = table[row, .bck] == 1
    tracked = table[row, .tracked]
    // Since 2.5 `uweight` is the weight that was set; `weight` is what slow start made of it.
    weight = state?.weight ?? table[row, .uweight] ?? table[row, .weight]
    sessions = table[row, .scur]
    sessionLimit = table[row, .slim]
    queue = table[row, .qcur]
    times = LatencyParts(
      queue: table[row, .qtime], connect: table[row, .ctime], response: table[row, .rtime],
      total: table[row, .ttime])
    traffic = window.server(row)
    switch word {
    case .maint: self.state = .maint
    case .down: self.state = .down
    case .drain, .nolb: self.state = .draining
    case .up, .noCheck:
      self.state = admin == .drain || weight == 0 ? .draining : .up
    case .other: self.state = .unknown
    }
  }

  /// Why it is in its state.
  var reason: HealthReason? {
    // Nearly always.
    if state == .up, status == "UP" || status == "no check" { return nil }
    switch StatusWord(status) {
    case .down:
      if let (passed, of) = StatusWord.progress(status) { return .comingUp(passed: passed, of: of) }
      return .check(code: checkCode, words: lastCheck)
    case .maint:
      return status == "MAINT" ? nil : .maintenance(words: status)
    case .up, .noCheck:
      if state == .draining && admin != .drain { return .zeroWeight }
      // `UP 1/2` with INI is how every checked server begins.
      if checkCode != "INI", let (passed, of) = StatusWord.progress(status) {
        return .goingDown(passed: passed, of: of)
      }
      return nil
    case .drain, .nolb, .other: return nil
    }
  }

  /// The code of the last check, without the mark of a running one.
  private var checkCode: String {
    checkStatus.hasPrefix("* ") ? String(checkStatus.dropFirst(2)) : checkStatus
  }
}

/// The beginning of HAProxy's status of a server.
private enum StatusWord {
  case up, down, maint, drain, nolb, noCheck, other

  init(_ status: String) {
    func begins(with word: String) -> Bool { status.utf8.starts(with: word.utf8) }
    if status == "UP" || begins(with: "UP ") {
      self = .up
    } else if status == "no check" {
      self = .noCheck
    } else if begins(with: "DOWN") {
      self = .down
    } else if begins(with: "MAINT") {
      self = .maint
    } else if begins(with: "DRAIN") {
      self = .drain
    } else if begins(with: "NOLB") {
      self = .nolb
    } else {
      self = .other
    }
  }

  /// `1/3` of `UP 1/3`; nil where the status has none.
  static func progress(_ status: String) -> (Int, Int)? {
    guard let blank = status.lastIndex(of: " "), let slash = status.lastIndex(of: "/"), blank < slash,
      let passed = Int(status[status.index(after: blank)..<slash]),
      let of = Int(status[status.index(after: slash)...])
    else { return nil }
    return (passed, of)
  }
}
