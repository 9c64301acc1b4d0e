public import Cluster

extension RouterStatus {
  /// What keepalived says of itself in JSON, when it is asked to by a signal.
  ///
  /// Source: keepalived's vrrp_json.c; `state` is numbered as `RouterStatus.State` is. Throws `truncated` where the
  /// text breaks off: keepalived shows the file before it has written it.
  public init(parsingDump text: Span<UInt8>) throws(ReplyFault) {
    let dump: JSONValue
    do {
      dump = try JSONValue(parsing: text)
    } catch {
      if error == .truncated { throw .truncated(line: 1) }
      throw .notOf(.keepalived, beginning: beginning(of: text))
    }
    // Newer ones put the list into an object, beside what is not VRRP.
    let list = dump["vrrp"] ?? dump
    guard case .array(let elements) = list else {
      throw .notOf(.keepalived, beginning: beginning(of: text))
    }
    self.init(instances: [])
    for element in elements.prefix(RouterStatus.mostInstances) {
      guard let data = element["data"], let name = data["iname"]?.text,
        let state = data["state"]?.integer.flatMap({ State(rawValue: UInt8(clamping: $0)) })
      else { throw .notOf(.keepalived, beginning: beginning(of: text)) }
      let addresses = (data["vips"]?.elements ?? []) + (data["evips"]?.elements ?? [])
      instances.append(
        Instance(
          name: name, state: state,
          since: data["last_transition"]?.number.flatMap { WallTime(secondsSince1970: $0) },
          priority: data["effective_priority"]?.integer,
          becameMaster: element["stats"]?["become_master"]?.integer,
          addresses: addresses.compactMap { $0.text.flatMap(RouterStatus.address) }))
    }
  }

  /// `10.77.1.100/24 dev eth0 scope global set`: the address alone.
  private static func address(_ text: String) -> String? {
    guard let first = text.split(separator: " ").first,
      let host = first.split(separator: "/").first
    else { return nil }
    return IPAddress(parsing: host)?.description
  }

  /// Its notices and its dump as one: what was written last is true, and the other tells what that leaves out.
  ///
  /// - Parameters:
  ///   - notices: what its notices say, and when the last one was written.
  ///   - dump: what its dump says, and when that was made.
  public init(
    notices: (status: RouterStatus, at: WallTime), dump: (status: RouterStatus, at: WallTime)
  ) {
    let isDumpNewer = dump.at >= notices.at
    let (newer, older) = isDumpNewer ? (dump.status, notices.status) : (notices.status, dump.status)
    self = newer
    for place in instances.indices {
      guard let other = older.instances.first(where: { $0.name == instances[place].name }) else { continue }
      // How often it became master is left out: that may have grown since.
      instances[place].priority = instances[place].priority ?? other.priority
      if instances[place].addresses.isEmpty { instances[place].addresses = other.addresses }
      if instances[place].since == nil, other.state == instances[place].state {
        instances[place].since = other.since
      }
    }
    if isDumpNewer { return }
    // A notice is written of a change only.
    instances += older.instances.filter { other in !instances.contains { $0.name == other.name } }
  }
}
