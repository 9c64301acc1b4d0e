import Cluster

/// Where each column of a `show stat` header goes: found by name, once, and used for every row until the
/// header itself changes.
struct StatPlan: Sendable {
  /// What is done with one column: a `StatFigure` below `textBase`, a `Text` from there on, or `skip`.
  typealias Step = UInt8

  static let textBase: Step = 128
  static let skip: Step = 255

  /// The columns that are kept as text, and `type`, which says what the row is.
  enum Text: Int, CaseIterable {
    case proxy, name, kind, address, cookie, mode
    case status, checkStatus, lastCheck, agentStatus, algorithm, tracked

    var column: String {
      switch self {
      case .proxy: "pxname"
      case .name: "svname"
      case .kind: "type"
      case .address: "addr"
      case .cookie: "cookie"
      case .mode: "mode"
      case .status: StatNote.status.column
      case .checkStatus: StatNote.checkStatus.column
      case .lastCheck: StatNote.lastCheck.column
      case .agentStatus: StatNote.agentStatus.column
      case .algorithm: StatNote.algorithm.column
      case .tracked: StatNote.tracked.column
      }
    }
  }

  /// One step a column, up to the last column that is kept.
  private(set) var steps: [Step] = []
  /// How many columns follow those of `steps`; they are only counted.
  private(set) var rest = 0
  /// The header this was made from, without its line end.
  private(set) var header: [UInt8] = []

  /// The columns that are kept, by name.
  private static let wanted: [String: Step] = {
    var steps: [String: Step] = [:]
    for figure in StatFigure.allCases { steps[figure.column] = Step(figure.rawValue) }
    for text in Text.allCases { steps[text.column] = textBase + Step(text.rawValue) }
    return steps
  }()

  init() {}

  /// The plan for a header line, which begins with `# pxname`.
  ///
  /// Throws `missingColumn` where `pxname`, `svname`, `type` or `status` is not there. Of two columns of one
  /// name the first counts.
  init(header line: Span<UInt8>) throws(ReplyFault) {
    var wanted = StatPlan.wanted
    header.reserveCapacity(line.count)
    for index in line.indices { header.append(line[index]) }

    // show stat prefixes its header with "# ".
    var start = 2
    var lastKept = 0
    while start <= line.count {
      var end = start
      while end < line.count, line[end] != ASCII.comma { end += 1 }
      let name = printable(line.extracting(start..<end))
      if let step = wanted.removeValue(forKey: name) {
        steps.append(step)
        lastKept = steps.count
      } else {
        steps.append(StatPlan.skip)
      }
      start = end + 1
    }
    for text in [Text.proxy, .name, .kind, .status] where wanted[text.column] != nil {
      throw .missingColumn(text.column)
    }
    rest = steps.count - lastKept
    steps.removeLast(rest)
  }

  /// Whether the plan was made from this very line.
  func fits(_ line: Span<UInt8>) -> Bool {
    guard line.count == header.count else { return false }
    for index in line.indices where line[index] != header[index] { return false }
    return true
  }
}
