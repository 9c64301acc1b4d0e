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

  public init() {}

  /// The sample in everything that came over the socket until HAProxy closed it.
  ///
  /// `level`, `info` and `servers` are nil where HAProxy refuses the command, or does not know it. Throws `denied`
  /// where `show stat` is refused, `truncated` where a reply is missing or not complete, `malformed` where one
  /// is broken.
  public mutating func sample(from reply: Span<UInt8>) throws(ReadFailure) -> ProxySample {
    guard reply.count > 0 else { throw .truncated(received: 0) }
    var table: StatTable?
    var info: ProxyInfo?
    var states: ServerStateTable?
    var level: AccessLevel?
    var words: String?
    var place = 0
    var replies = 0
    while place < reply.count {
      // A peer that goes on and on is not asked to.
      guard replies < ProxyReader.replyLimit else {
        throw .malformed(.notStat(beginning: beginning(of: reply)))
      }
      let rest = reply.extracting(place...)
      if table == nil, starts(rest, with: "# pxname") {
        // Its fields may hold line ends, so that only its parser knows where it ends.
        table = try part(of: reply) { () throws(ReplyFault) in
          try stat.parse(reply, at: &place, ending: .emptyLine)
        }
        replies += 1
        continue
      }
      guard let end = endOfAnswer(at: place, in: reply) else {
        if replies == 0, !ProxyReader.couldBecomeAnswer(rest) {
          throw .malformed(.notStat(beginning: beginning(of: rest)))
        }
        throw .truncated(received: reply.count)
      }
      let section = reply.extracting(place..<end)
      place = end
      replies += 1
      if let refused = refusal(in: section) {
        // That an old version does not know a command is no news where another one is denied.
        if words == nil || refused.hasPrefix("Permission denied") { words = refused }
      } else if level == nil, let told = ProxyReader.level(in: section) {
        level = told
      } else if info == nil, starts(section, with: "Name:") || starts(section, with: "Version:") {
        info = try part(of: reply) { () throws(ReplyFault) in try ProxyInfo(parsing: section) }
      } else if states == nil, starts(section, with: "1\n") || starts(section, with: "2\n") {
        states = try part(of: reply) { () throws(ReplyFault) in try servers.parse(section) }
      }
    }
    // Cut between two replies, what came looks whole.
    let isSomeThere = table != nil || info != nil || states != nil || level != nil || words != nil
    if isSomeThere, replies < RuntimeCommand.poll.count { throw .truncated(received: reply.count) }
    guard let table else {
      if let words { throw .denied(words: words) }
      throw .malformed(.notStat(beginning: beginning(of: reply)))
    }
    return ProxySample(stat: table, info: info, servers: states, level: level)
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
func endOfAnswer(at place: Int, in reply: Span<UInt8>) -> Int? {
  var isLineEmpty = true
  for index in place..<reply.count {
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
