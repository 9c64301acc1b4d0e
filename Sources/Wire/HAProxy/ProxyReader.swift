public import Cluster

/// Reads what one HAProxy says each time it is polled with `RuntimeCommand.pollLine`: five replies on one
/// connection, each ended by an empty line, and then the end of the stream.
///
/// The replies are told apart by what they are, not by their place.
public struct ProxyReader: Sendable {
  /// Far more than are asked for.
  private static let replyLimit = 16

  private var stat = StatParser()
  private var servers = ServerStateParser()
  /// Of the reply that comes now.
  private var heard = Heard()

  /// As far as a reply has been read.
  private struct Heard {
    /// Behind the last answer.
    var place = 0
    /// How far the end of the next one has been looked for.
    var seen = 0
    var answers = 0
    var table: StatTable?
    var info: ProxyInfo?
    var states: ServerStateTable?
    var level: AccessLevel?
    var words: String?
    /// What came is broken, or seems so before its end is there.
    var isGivenUp = false
  }

  public init() {}

  /// Says that a new reply begins: of the one before nothing more comes.
  public mutating func beginReply() {
    heard = Heard()
    stat.forgetProgress()
  }

  /// Reads what has come so far, so that little is left to do when the rest is there: tables of ten thousand rows come
  /// in hundreds of pieces. It has no other effect: a fault is found, and told, by `sample(from:)`.
  ///
  /// - Parameter reply: everything that came since `beginReply`.
  public mutating func readAhead(_ reply: Span<UInt8>) {
    guard !heard.isGivenUp else { return }
    do {
      try read(reply, isCut: true)
    } catch {
      beginReply()
      heard.isGivenUp = true
    }
  }

  /// The sample in everything that came over the socket until HAProxy closed it.
  ///
  /// `level`, `info` and `servers` are nil where HAProxy refuses the command, or does not know it. Throws `denied`
  /// where `show stat` is refused, `truncated` where a reply is missing or not complete, `malformed` where one
  /// is broken.
  public mutating func sample(from reply: Span<UInt8>) throws(ReadFailure) -> ProxySample {
    defer { beginReply() }
    guard reply.count > 0 else { throw .truncated(received: 0) }
    try read(reply, isCut: false)
    // Cut between two replies, what came looks whole.
    let isSomeThere =
      heard.table != nil || heard.info != nil || heard.states != nil || heard.level != nil
      || heard.words != nil
    if isSomeThere, heard.answers < RuntimeCommand.poll.count { throw .truncated(received: reply.count) }
    guard let table = heard.table else {
      if let words = heard.words { throw .denied(words: words) }
      throw .malformed(.notStat(beginning: beginning(of: reply)))
    }
    return ProxySample(stat: table, info: heard.info, servers: heard.states, level: heard.level)
  }

  /// Reads answers as far as they have come, from where it was before.
  ///
  /// - Parameter isCut: whether more may come. An answer that is not whole is waited for then, and a fault else.
  private mutating func read(_ reply: Span<UInt8>, isCut: Bool) throws(ReadFailure) {
    while heard.place < reply.count {
      // A peer that goes on and on is not asked to.
      guard heard.answers < ProxyReader.replyLimit else {
        throw .malformed(.notStat(beginning: beginning(of: reply)))
      }
      let rest = reply.extracting(heard.place...)
      if heard.table == nil, starts(rest, with: "# pxname") {
        // Its fields may hold line ends, so that only its parser knows where it ends.
        guard let table = try table(in: reply, isCut: isCut) else { return }
        heard.table = table
        heard.answers += 1
        heard.seen = heard.place
        continue
      }
      guard let end = endOfAnswer(at: heard.place, in: reply, seen: heard.seen) else {
        heard.seen = reply.count
        if isCut { return }
        if heard.answers == 0, !ProxyReader.couldBecomeAnswer(rest) {
          throw .malformed(.notStat(beginning: beginning(of: rest)))
        }
        throw .truncated(received: reply.count)
      }
      let answer = reply.extracting(heard.place..<end)
      heard.place = end
      heard.seen = end
      heard.answers += 1
      try take(answer, of: reply)
    }
  }

  private mutating func table(in reply: Span<UInt8>, isCut: Bool) throws(ReadFailure) -> StatTable? {
    var place = heard.place
    let table = try part(of: reply) { () throws(ReplyFault) in
      isCut
        ? try stat.readAhead(reply, at: &place)
        : try stat.parse(reply, at: &place, ending: .emptyLine)
    }
    heard.place = place
    return table
  }

  /// Takes in an answer that is not the table.
  private mutating func take(_ answer: Span<UInt8>, of reply: Span<UInt8>) throws(ReadFailure) {
    if let refused = refusal(in: answer) {
      // That an old version does not know a command is no news where another one is denied.
      if heard.words == nil || refused.hasPrefix("Permission denied") { heard.words = refused }
    } else if heard.level == nil, let told = ProxyReader.level(in: answer) {
      heard.level = told
    } else if heard.info == nil, starts(answer, with: "Name:") || starts(answer, with: "Version:") {
      heard.info = try part(of: reply) { () throws(ReplyFault) in try ProxyInfo(parsing: answer) }
    } else if heard.states == nil, starts(answer, with: "1\n") || starts(answer, with: "2\n") {
      heard.states = try part(of: reply) { () throws(ReplyFault) in try servers.parse(answer) }
    }
  }

  /// The sample in the body of the stats page's `;csv`: the table alone.
  public mutating func sample(fromPage body: Span<UInt8>) throws(ReadFailure) -> ProxySample {
    let table = try part(of: body) { () throws(ReplyFault) in try stat.parse(body, ending: .endOfInput) }
    return ProxySample(stat: table, info: nil, servers: nil)
  }

  /// The answer to `show cli level`; nil where it is not one.
  private static func level(in section: Span<UInt8>) -> AccessLevel? {
    let word = section.extracting(severityLength(of: section)...)
    for level in AccessLevel.allCases where areSame(word, "\(level.rawValue)\n\n") { return level }
    return nil
  }

  /// Whether more bytes could make an answer of these.
  private static func couldBecomeAnswer(_ bytes: Span<UInt8>) -> Bool {
    let openings: [StaticString] = [
      "admin\n", "operator\n", "user\n", "Name:", "Version:", "# pxname", "1\n", "Permission denied",
      "Unknown command", "[",
    ]
    return openings.contains { opening in
      opening.withUTF8Buffer { wanted in
        for index in 0..<min(wanted.count, bytes.count) where wanted[index] != bytes[index] { return false }
        return true
      }
    }
  }

  private func part<Part>(
    of reply: Span<UInt8>, _ parse: () throws(ReplyFault) -> Part
  ) throws(ReadFailure) -> Part {
    do {
      return try parse()
    } catch {
      if case .truncated = error { throw .truncated(received: reply.count) }
      throw .malformed(error)
    }
  }
}

/// Behind the empty line that ends the answer at `place`; nil where there is none.
///
/// - Parameter seen: up to where it has been looked for already; nil for nowhere.
func endOfAnswer(at place: Int, in reply: Span<UInt8>, seen: Int? = nil) -> Int? {
  let start = max(place, seen ?? place)
  var isLineEmpty = start == place || reply[start - 1] == ASCII.newline
  for index in start..<reply.count {
    if reply[index] != ASCII.newline {
      isLineEmpty = false
    } else if isLineEmpty {
      return index + 1
    } else {
      isLineEmpty = true
    }
  }
  return nil
}
