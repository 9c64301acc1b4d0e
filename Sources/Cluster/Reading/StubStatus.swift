/// What Nginx's `stub_status` page said, exactly as reported.
///
/// `accepts`, `handled` and `requests` survive a reload; a restart or a binary upgrade resets them.
/// `requests` counts the poll itself. Source of the format: ngx_http_stub_status_module.
public struct StubStatus: Hashable, Sendable {
  public var active: Int64
  public var accepts: Int64
  public var handled: Int64
  public var requests: Int64
  public var reading: Int64
  public var writing: Int64
  public var waiting: Int64

  public init(
    active: Int64, accepts: Int64, handled: Int64, requests: Int64, reading: Int64, writing: Int64,
    waiting: Int64
  ) {
    self.active = active
    self.accepts = accepts
    self.handled = handled
    self.requests = requests
    self.reading = reading
    self.writing = writing
    self.waiting = waiting
  }
}
