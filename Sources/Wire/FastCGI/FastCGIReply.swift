import Cluster

/// What a FastCGI server answered to one request.
public struct FastCGIReply: Hashable, Sendable {
  /// As its header says it; 200 where it does not.
  public var status: Int
  public var body: [UInt8]
  /// What it wrote to the error stream, sanitised and cut.
  public var errors: String

  /// Why bytes are no such answer.
  public enum Fault: Error, Hashable, Sendable {
    /// It ends before its end was said.
    case truncated
    /// A record of another version, or of another request.
    case notFastCGI(beginning: String)
    /// The server did not take the request: 1 one at a time, 2 overloaded, 3 unknown role.
    case refused(Int)
    /// Its output has no header, or one that is none.
    case noHeader(beginning: String)
  }

  /// Reads the records of one answer, up to the one that ends it. What is in a stream may be cut into records
  /// anywhere. Source: FastCGI Specification 1.0; the CGI header of RFC 3875.
  public init(parsing bytes: Span<UInt8>) throws(Fault) {
    var output: [UInt8] = []
    var errors: [UInt8] = []
    var place = 0
    var hasEnded = false
    while !hasEnded {
      guard place + 8 <= bytes.count else {
        // What does not begin as a record does will not become one.
        if place < bytes.count, bytes[place] != 1 { throw .notFastCGI(beginning: beginning(of: bytes)) }
        throw .truncated
      }
      let request = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
      guard bytes[place] == 1, request <= 1 else { throw .notFastCGI(beginning: beginning(of: bytes)) }
      let start = place + 8
      let length = Int(bytes[place + 4]) << 8 | Int(bytes[place + 5])
      let end = start + length
      guard end <= bytes.count else { throw .truncated }
      switch FastCGIKind(rawValue: bytes[place + 1]) {
      case .standardOutput:
        for index in start..<end { output.append(bytes[index]) }
      case .standardError:
        for index in start..<min(end, start + 200) where errors.count < 200 { errors.append(bytes[index]) }
      case .endRequest:
        guard length >= 8 else { throw .notFastCGI(beginning: beginning(of: bytes)) }
        if bytes[start + 4] != 0 { throw .refused(Int(bytes[start + 4])) }
        hasEnded = true
      default: break
      }
      place = end + Int(bytes[place + 6])
    }
    self.errors = printable(errors.span)
    (status, body) = try FastCGIReply.page(output)
  }

  /// `Name: value` lines, an empty one, the page.
  private static func page(_ output: [UInt8]) throws(Fault) -> (Int, [UInt8]) {
    let bytes = output.span
    var status = 200
    var place = 0
    while true {
      var end = place
      while end < bytes.count, bytes[end] != ASCII.newline { end += 1 }
      guard end < bytes.count else { throw .noHeader(beginning: beginning(of: bytes)) }
      var line = bytes.extracting(place..<end)
      if line.count > 0, line[line.count - 1] == ASCII.carriageReturn {
        line = line.extracting(droppingLast: 1)
      }
      place = end + 1
      if line.count == 0 { break }
      var colon = 0
      while colon < line.count, line[colon] != ASCII.colon { colon += 1 }
      guard colon < line.count else { throw .noHeader(beginning: beginning(of: bytes)) }
      if starts(line, with: "Status: "), line.count >= 11,
        let number = wholeNumber(line.extracting(8..<11)), (100...999).contains(number)
      {
        status = Int(number)
      }
    }
    return (status, Array(output[place...]))
  }
}
