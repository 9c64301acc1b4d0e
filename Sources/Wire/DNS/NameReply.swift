public import Cluster

/// What a name server answered to one question (RFC 1035, 4).
public struct NameReply: Hashable, Sendable {
  /// The response code: 0 is good, 2 a failure of the server, 3 no such name.
  public var code: UInt8
  /// There is more than fitted into the datagram; it is to be asked over TCP, and nothing else is known.
  public var isTruncated: Bool
  /// Of the name, or of the one that it is another name for; in the order of the answer, each once.
  public var addresses: [IPAddress]
  /// The shortest time to live of the records on the way to the addresses, in seconds; nil without any.
  public var timeToLive: Int64?

  /// Why bytes are no answer.
  public enum Fault: Error, Hashable, Sendable {
    /// Another id, or to another question: whoever sent it, it was not asked for.
    case notMine
    /// It breaks off, or its names lead nowhere.
    case malformed
  }

  static let longestName = 255
  /// A name that is another name for a name that is another name … for so long at most.
  static let longestChain = 16
  /// No answer to such a question has more.
  static let mostRecords = 512

  /// Reads a message without the length that it has over TCP.
  public init(parsing bytes: Span<UInt8>, to question: NameQuestion) throws(Fault) {
    guard bytes.count >= 12 else { throw .malformed }
    let flags = word(bytes, 2)
    let isAnswer = flags & 0x8000 != 0
    guard word(bytes, 0) == question.id, isAnswer, flags & 0x7800 == 0 else { throw .notMine }
    code = UInt8(flags & 0x000F)
    isTruncated = flags & 0x0200 != 0
    addresses = []
    var place = 12
    switch word(bytes, 4) {
    case 1:
      let name = try NameReply.name(in: bytes, at: &place)
      guard place + 4 <= bytes.count else { throw .malformed }
      guard name == question.name, word(bytes, place) == question.kind.rawValue,
        word(bytes, place + 2) == NameQuestion.internet
      else { throw .notMine }
      place += 4
    // A server that could not read the question cannot repeat it.
    case 0 where code != 0: return
    default: throw .notMine
    }
    if isTruncated || code != 0 { return }
    let records = try NameReply.records(in: bytes, at: &place, count: Int(word(bytes, 6)))
    follow(records, from: question)
  }

  /// How many bytes the message has that begins a stream over TCP, its length included; nil where that has not come.
  public static func streamLength(_ stream: Span<UInt8>) -> Int? {
    stream.count >= 2 ? 2 + Int(word(stream, 0)) : nil
  }

  private mutating func follow(_ records: [Record], from question: NameQuestion) {
    var owner = question.name
    var shortest: Int64?
    for _ in 0..<NameReply.longestChain {
      let own = records.filter { $0.owner == owner }
      for record in own {
        guard case .address(let address, let kind) = record.content, kind == question.kind else { continue }
        shortest = min(shortest ?? .max, record.timeToLive)
        if !addresses.contains(address) { addresses.append(address) }
      }
      if !addresses.isEmpty { break }
      guard let alias = own.first(where: { if case .alias = $0.content { true } else { false } }),
        case .alias(let target) = alias.content
      else { return }
      shortest = min(shortest ?? .max, alias.timeToLive)
      owner = target
    }
    if !addresses.isEmpty { timeToLive = shortest }
  }

  // MARK: Records

  private struct Record {
    var owner: [UInt8]
    var timeToLive: Int64
    var content: Content
  }

  private enum Content {
    case address(IPAddress, NameQuestion.Kind)
    /// The owner is another name for this one.
    case alias([UInt8])
  }

  /// Those that are of any use here.
  private static func records(
    in bytes: Span<UInt8>, at place: inout Int, count: Int
  ) throws(Fault) -> [Record] {
    guard count <= mostRecords else { throw .malformed }
    var records: [Record] = []
    for _ in 0..<count {
      let owner = try name(in: bytes, at: &place)
      guard place + 10 <= bytes.count else { throw .malformed }
      let kind = word(bytes, place)
      let isOfTheInternet = word(bytes, place + 2) == NameQuestion.internet
      // With the first bit set it counts as 0 (RFC 2181, 8).
      let seconds = Int64(word(bytes, place + 4)) << 16 | Int64(word(bytes, place + 6))
      let timeToLive = seconds > Int64(Int32.max) ? 0 : seconds
      let start = place + 10
      let end = start + Int(word(bytes, place + 8))
      guard end <= bytes.count else { throw .malformed }
      place = end
      guard isOfTheInternet else { continue }
      if let kind = NameQuestion.Kind(rawValue: kind) {
        guard let address = IPAddress(octets: bytes.extracting(start..<end)) else { throw .malformed }
        records.append(Record(owner: owner, timeToLive: timeToLive, content: .address(address, kind)))
      } else if kind == canonicalName {
        var inside = start
        let target = try name(in: bytes, at: &inside)
        guard inside == end else { throw .malformed }
        records.append(Record(owner: owner, timeToLive: timeToLive, content: .alias(target)))
      }
    }
    return records
  }

  private static let canonicalName: UInt16 = 5

  /// Reads a name that may go on elsewhere in the message, in lower case, and leaves `place` behind it.
  private static func name(in bytes: Span<UInt8>, at place: inout Int) throws(Fault) -> [UInt8] {
    var name: [UInt8] = []
    var at = place
    // Where this piece of the name began. Each pointer has to lead to before that: so none leads in a circle.
    var piece = at
    var hasJumped = false
    while true {
      guard at < bytes.count else { throw .malformed }
      let length = Int(bytes[at])
      switch length >> 6 {
      case 0:
        guard at + 1 + length <= bytes.count, name.count + 1 + length <= longestName else {
          throw .malformed
        }
        name.append(UInt8(length))
        for index in (at + 1)..<(at + 1 + length) { name.append(lowercase(bytes[index])) }
        at += 1 + length
        if length == 0 {
          if !hasJumped { place = at }
          return name
        }
      case 3:
        guard at + 2 <= bytes.count else { throw .malformed }
        if !hasJumped { place = at + 2 }
        hasJumped = true
        let target = Int(word(bytes, at) & 0x3FFF)
        guard target < piece else { throw .malformed }
        at = target
        piece = target
      default: throw .malformed
      }
    }
  }
}

/// Two bytes in network order; they are there.
private func word(_ bytes: Span<UInt8>, _ place: Int) -> UInt16 {
  UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1])
}
