/// A request for one page of a FastCGI server, as bytes: one connection, one request, closed by the server at
/// its end. Source: FastCGI Specification 1.0.
public struct FastCGIRequest: Hashable, Sendable {
  /// Names and values as CGI has them: `SCRIPT_NAME`, `QUERY_STRING`.
  public var parameters: [Parameter]

  public struct Parameter: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  public init(parameters: [Parameter]) { self.parameters = parameters }

  /// A GET of a page of PHP-FPM's own, which is found by its name: `/status`, with or without a query. `json` is
  /// asked for, unless it is there.
  public init(statusPage page: String) {
    let path = page.prefix { $0 != "?" }
    var options = page.dropFirst(path.count + 1).split(separator: "&")
    if !options.contains("json") { options.append("json") }
    let query = options.joined(separator: "&")
    self.init(parameters: [
      Parameter("REQUEST_METHOD", "GET"), Parameter("SCRIPT_NAME", String(path)),
      Parameter("SCRIPT_FILENAME", String(path)), Parameter("REQUEST_URI", "\(path)?\(query)"),
      Parameter("QUERY_STRING", query), Parameter("GATEWAY_INTERFACE", "CGI/1.1"),
      Parameter("SERVER_PROTOCOL", "HTTP/1.1"), Parameter("SERVER_SOFTWARE", "tiertop"),
      Parameter("REMOTE_ADDR", "127.0.0.1"),
    ])
  }

  /// What is sent.
  public var bytes: [UInt8] {
    var content: [UInt8] = []
    for parameter in parameters {
      FastCGIRequest.append(length: parameter.name.utf8.count, to: &content)
      FastCGIRequest.append(length: parameter.value.utf8.count, to: &content)
      content += parameter.name.utf8
      content += parameter.value.utf8
    }
    // A responder, and the connection is not kept.
    var bytes = FastCGIRequest.record(.beginRequest, [0, 1, 0, 0, 0, 0, 0, 0])
    var rest = content[...]
    while !rest.isEmpty {
      bytes += FastCGIRequest.record(.parameters, rest.prefix(0xFFFF))
      rest = rest.dropFirst(0xFFFF)
    }
    // An empty record is the end of a stream.
    return bytes + FastCGIRequest.record(.parameters, []) + FastCGIRequest.record(.standardInput, [])
  }

  /// One byte where that is enough, else four with the first bit set.
  private static func append(length: Int, to bytes: inout [UInt8]) {
    if length < 0x80 { return bytes.append(UInt8(length)) }
    for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
    bytes[bytes.count - 4] |= 0x80
  }

  private static func record(_ kind: FastCGIKind, _ content: some Collection<UInt8>) -> [UInt8] {
    let length = content.count
    return [1, kind.rawValue, 0, 1, UInt8(length >> 8), UInt8(length & 0xFF), 0, 0] + content
  }
}

/// The kinds of records that are of use here.
enum FastCGIKind: UInt8 {
  case beginRequest = 1
  case endRequest = 3
  case parameters = 4
  case standardInput = 5
  case standardOutput = 6
  case standardError = 7
}
