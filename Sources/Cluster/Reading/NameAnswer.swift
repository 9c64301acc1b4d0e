/// What a name server answered for the site's name (RFC 1035).
public struct NameAnswer: Hashable, Sendable {
  /// The response code: 0 is good, 2 a failure of the server, 3 no such name.
  public var code: UInt8
  /// In the order of the answer, each once.
  public var addresses: [String]
  /// The shortest time to live of the records, in seconds; nil without records.
  public var timeToLive: Int64?
  /// The server that was asked: `10.77.0.53:53`.
  public var server: String

  public init(code: UInt8, addresses: [String], timeToLive: Int64?, server: String) {
    self.code = code
    self.addresses = addresses
    self.timeToLive = timeToLive
    self.server = server
  }
}
