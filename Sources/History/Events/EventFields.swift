import Cluster
import Wire

/// Writes and reads the fields of an event's line, with typed faults for what is not as it should be.
struct EventFields {
  var line = LogfmtLine()

  subscript(key: String) -> String? {
    get { line[key] }
    set { line[key] = newValue }
  }

  mutating func set(_ key: String, _ number: Int64) { line[key] = String(number) }

  func text(_ key: String) throws(EventFault) -> String {
    guard let text = line[key] else { throw .missing(key: key) }
    return text
  }

  func number(_ key: String) throws(EventFault) -> Int64 {
    guard let number = Int64(try text(key)) else { throw .invalid(key: key) }
    return number
  }

  func int(_ key: String) throws(EventFault) -> Int { Int(try number(key)) }

  func double(_ key: String) throws(EventFault) -> Double {
    guard let number = Double(try text(key)) else { throw .invalid(key: key) }
    return number
  }

  func duration(_ key: String) throws(EventFault) -> Duration { .nanoseconds(try number(key)) }

  func time(_ key: String) throws(EventFault) -> WallTime {
    guard let time = WallTime(rfc3339Nanoseconds: try text(key)) else { throw .invalid(key: key) }
    return time
  }

  func word<Word: RawRepresentable<String>>(_ key: String, of type: Word.Type) throws(EventFault) -> Word {
    guard let word = Word(rawValue: try text(key)) else { throw .invalid(key: key) }
    return word
  }

  // What stands in several kinds of events.

  mutating func set(_ key: String, _ server: ServerID) {
    line[key + ".backend"] = server.backend
    line[key + ".server"] = server.server
  }

  func server(_ key: String) throws(EventFault) -> ServerID {
    ServerID(backend: try text(key + ".backend"), server: try text(key + ".server"))
  }

  /// Names with commas, slashes and blanks between them; what a name has of these is `%XX`.
  mutating func set(_ key: String, _ servers: [ServerID]) {
    line[key] = servers.map { "\(EventFields.escaped($0.backend))/\(EventFields.escaped($0.server))" }
      .joined(separator: ",")
  }

  func servers(_ key: String) throws(EventFault) -> [ServerID] {
    var servers: [ServerID] = []
    let text = try text(key)
    if text.isEmpty { return [] }
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let names = part.split(separator: "/", omittingEmptySubsequences: false)
      guard names.count == 2, let backend = EventFields.plain(names[0]),
        let server = EventFields.plain(names[1])
      else { throw .invalid(key: key) }
      servers.append(ServerID(backend: backend, server: server))
    }
    return servers
  }

  private static func escaped(_ name: String) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case ",": result += "%2c"
      case "/": result += "%2f"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func plain(_ text: Substring) -> String? {
    var result = ""
    let parts = text.split(separator: "%", omittingEmptySubsequences: false)
    for (place, part) in parts.enumerated() {
      if place == 0 {
        result += part
        continue
      }
      switch part.prefix(2) {
      case "25": result += "%"
      case "2c": result += ","
      case "2f": result += "/"
      default: return nil
      }
      result += part.dropFirst(2)
    }
    return result
  }

  mutating func set(_ key: String, _ actor: Actor) {
    line[key + ".user"] = actor.user
    line[key + ".host"] = actor.host
    line[key + ".tty"] = actor.terminal
  }

  func actor(_ key: String) throws(EventFault) -> Actor {
    Actor(
      user: try text(key + ".user"), host: try text(key + ".host"), terminal: try text(key + ".tty"))
  }

  func actorIfAny(_ key: String) throws(EventFault) -> Actor? {
    line[key + ".user"] == nil ? nil : try actor(key)
  }

  mutating func set(_ key: String, _ admin: AdminState) {
    switch admin {
    case .ready: line[key] = "ready"
    case .drain: line[key] = "drain"
    case .maint: line[key] = "maint"
    }
  }

  func admin(_ key: String) throws(EventFault) -> AdminState {
    switch try text(key) {
    case "ready": .ready
    case "drain": .drain
    case "maint": .maint
    default: throw .invalid(key: key)
    }
  }

  mutating func set(_ key: String, _ standing: Standing) {
    set(key, standing.admin)
    if let weight = standing.weight { set(key + ".weight", weight) }
  }

  func standing(_ key: String) throws(EventFault) -> Standing {
    Standing(
      admin: try admin(key), weight: line[key + ".weight"] == nil ? nil : try number(key + ".weight"))
  }

  mutating func set(_ key: String, _ reason: Event.ResetReason) {
    switch reason {
    case .newProcess(let pid):
      line[key] = "new-process"
      set(key + ".pid", pid)
    case .restarted: line[key] = "restarted"
    case .counterFell: line[key] = "counter-fell"
    }
  }

  func resetReason(_ key: String) throws(EventFault) -> Event.ResetReason {
    switch try text(key) {
    case "new-process": .newProcess(pid: try number(key + ".pid"))
    case "restarted": .restarted
    case "counter-fell": .counterFell
    default: throw .invalid(key: key)
    }
  }

  mutating func set(_ key: String, _ cause: LostIntent.Cause) {
    switch cause {
    case .reset(let reason):
      line[key] = "reset"
      set(key + ".reason", reason)
    case .other: line[key] = "other"
    }
  }

  func cause(_ key: String) throws(EventFault) -> LostIntent.Cause {
    switch try text(key) {
    case "reset": .reset(try resetReason(key + ".reason"))
    case "other": .other
    default: throw .invalid(key: key)
    }
  }

  mutating func set(_ key: String, _ wish: Intent.Wish) {
    switch wish {
    case .ready: line[key] = "ready"
    case .drain: line[key] = "drain"
    case .maint: line[key] = "maint"
    case .weight(let weight):
      line[key] = "weight"
      set(key + ".weight", weight)
    }
  }

  func wish(_ key: String) throws(EventFault) -> Intent.Wish {
    switch try text(key) {
    case "ready": .ready
    case "drain": .drain
    case "maint": .maint
    case "weight": .weight(try number(key + ".weight"))
    default: throw .invalid(key: key)
    }
  }
}
