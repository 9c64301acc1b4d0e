import Cluster

extension LayoutReader {
  /// A place alone, or a mapping of a place, who asks, and what the metrics are called.
  mutating func endpoint(_ node: YAMLNode, of system: Source.System) -> Endpoint? {
    let expected = { Expectation.endpoint(system, $0) }
    func parse(_ text: String) throws(EndpointFault) -> Endpoint {
      try Endpoint(parsing: text, of: system)
    }
    guard case .mapping = node.content else { return read(node, expected: expected, parse: parse) }
    let fields = fields(of: node, in: system.section)
    guard let url = fields["url"] else { return nil }
    let endpoint = read(url, expected: expected, parse: parse)
    let credentials = credentials(fields, at: node.place)
    switch endpoint {
    case nil: return nil
    case .http(var page):
      page.credentials = credentials
      return .http(page)
    case .metrics(var page, var names):
      page.credentials = credentials
      if let node = fields["requests"] { names.requests = metric(node) }
      if let node = fields["errors"] { names.errors = metric(node) }
      if let node = fields["latency"] { names.latency = metric(node) }
      if let node = fields["busy"] { names.busy = metric(node) }
      return .metrics(page, names)
    case .database(var database):
      database.credentials = credentials
      return .database(database)
    default:
      if credentials != nil { noteValue(url, expected: expected(.scheme)) }
      return endpoint
    }
  }

  mutating func passage(_ node: YAMLNode) -> Passage? {
    read(node, expected: Expectation.passage) { text throws(EndpointFault) in try Passage(parsing: text) }
  }

  private mutating func credentials(
    _ fields: [String: YAMLNode], at place: Place
  ) -> Credentials? {
    var secrets: [Secret] = []
    if let node = fields["password_env"] {
      let variable: String? = value(node, .environmentVariable, hidden: true) { text in
        let isName = text.utf8.allSatisfy { byte in
          (0x30...0x39).contains(byte) || byte == 0x5F || byte >= 0x41 && (0x61...0x7A).contains(byte | 0x20)
        }
        return isName && !text.isEmpty && !("0"..."9").contains(text.prefix(1)) && text.count <= 128
          ? text : nil
      }
      secrets.append(.environment(variable: variable ?? ""))
    }
    if let node = fields["password_file"] {
      secrets.append(.file(path: absolutePath(node, hidden: true) ?? ""))
    }
    let isWhole = secrets.count == 1 && fields["user"] != nil
    guard isWhole else {
      if !secrets.isEmpty || fields["user"] != nil {
        note(.value(found: .mapping, expected: .onePassword, nearest: nil), at: place)
      }
      return nil
    }
    guard let node = fields["user"], let user = name(node, spaces: false) else { return nil }
    return Credentials(user: user, password: secrets[0])
  }

  private mutating func read<T>(
    _ node: YAMLNode, expected: (EndpointFault) -> Expectation, parse: (String) throws(EndpointFault) -> T
  ) -> T? {
    guard let text = text(of: node) else {
      noteValue(node, expected: expected(.scheme))
      return nil
    }
    do {
      return try parse(text)
    } catch .secret {
      note(.secretInURL(Self.shown(Self.withoutUser(text))), at: node.place)
    } catch {
      let found = LayoutMistake.Found.text(Self.shown(Self.withoutUser(text)))
      note(.value(found: found, expected: expected(error), nearest: nil), at: node.place)
    }
    return nil
  }

  /// A text with whatever may be a user and a password taken out.
  private static func withoutUser(_ text: String) -> String {
    guard let at = text.lastIndex(of: "@") else { return text }
    let start = text.firstRange(of: "://").map(\.upperBound) ?? text.startIndex
    return start <= at ? text[..<start] + "…" + text[at...] : "…" + text[at...]
  }
}

extension Source.System {
  /// The mapping in which a layout says more than where it is asked.
  fileprivate var section: LayoutMistake.Section {
    switch self {
    case .metrics: .metrics
    case .mariadb, .mysql, .postgresql: .database
    default: .page
    }
  }
}
