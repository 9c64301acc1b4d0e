import Cluster

extension LayoutReader {
  mutating func haproxy(_ node: YAMLNode) -> Endpoint? {
    endpoint(node, expected: Expectation.haproxy) { text throws(EndpointFault) in try Endpoint(haproxy: text)
    }
  }

  mutating func nginx(_ node: YAMLNode) -> Endpoint? {
    endpoint(node, expected: Expectation.nginx) { text throws(EndpointFault) in try Endpoint(nginx: text) }
  }

  mutating func ssh(_ node: YAMLNode) -> SSHHost? {
    read(node, expected: Expectation.ssh) { text throws(EndpointFault) in try SSHHost(parsing: text) }
  }

  /// A URL alone, or a mapping of a URL and who asks.
  private mutating func endpoint(
    _ node: YAMLNode, expected: (EndpointFault) -> Expectation,
    parse: (String) throws(EndpointFault) -> Endpoint
  ) -> Endpoint? {
    guard case .mapping = node.content else { return read(node, expected: expected, parse: parse) }
    let fields = fields(of: node, in: .page)
    guard let url = fields["url"] else { return nil }
    let endpoint = read(url, expected: expected, parse: parse)
    let credentials = credentials(fields, at: node.place)
    guard let credentials, let endpoint else { return endpoint }
    guard case .http(var page) = endpoint else {
      noteValue(url, expected: expected(.scheme))
      return nil
    }
    page.credentials = credentials
    return .http(page)
  }

  private mutating func credentials(
    _ fields: [String: YAMLNode], at place: Place
  ) -> HTTPEndpoint.Credentials? {
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
    return HTTPEndpoint.Credentials(user: user, password: secrets[0])
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
