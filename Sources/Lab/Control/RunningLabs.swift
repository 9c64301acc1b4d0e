import CSystem
import Glibc
import Platform

/// The labs that run on this machine, as whoever started them finds them again.
public enum RunningLabs {
  /// Sends a line to the lab of a layout and returns what it says.
  ///
  /// - Parameter layout: the layout's file, that of the running lab, or the lab's directory; nil for the only one there is.
  /// - Returns: whether it did what it was told, and its words.
  public static func tell(
    _ line: String, layout: String?
  ) throws(LabError) -> (isGood: Bool, text: String) {
    let found = directories(of: layout)
    guard let directory = found.first else { throw .noLab }
    if found.count > 1 { throw .severalLabs(found.map { "\($0)/layout.yaml" }) }
    return try ask(line, directory)
  }

  /// What all labs say to `status`, one after the other.
  public static func status(layout: String?) throws(LabError) -> [String] {
    var texts: [String] = []
    for directory in directories(of: layout) { texts.append(try ask("status", directory).text) }
    if texts.isEmpty { throw .noLab }
    return texts
  }

  /// The file in which a lab keeps where its layout came from.
  static let origin = "origin"

  private static func directories(of layout: String?) -> [String] {
    let places = LabSupervisor.environment("XDG_RUNTIME_DIR", "TMPDIR").values.sorted() + ["/tmp"]
    let wanted = layout.map { real($0) ?? $0 }
    var found: [String] = []
    for place in places {
      for name in FileNames.all(in: place) ?? [] where name.hasPrefix(LabDirectory.prefix) {
        let path = "\(place)/\(name)"
        guard access("\(path)/\(LabControl.name)", W_OK) == 0, !found.contains(path) else { continue }
        let own = LabDirectory(path: path).lastLines(of: origin, count: 1).first
        if wanted == nil || wanted == path || wanted == "\(path)/layout.yaml" || wanted == own {
          found.append(path)
        }
      }
    }
    return found
  }

  /// A path without links, absolute; nil where there is nothing.
  static func real(_ path: String) -> String? {
    guard let raw = realpath(path, nil) else { return nil }
    defer { free(raw) }
    return String(cString: raw)
  }

  private static func ask(_ line: String, _ directory: String) throws(LabError) -> (
    isGood: Bool, text: String
  ) {
    let path = "\(directory)/\(LabControl.name)"
    var address = tt_address()
    _ = tt_address_unix(&address, path, path.utf8.count)
    var pending: Int32 = 0
    let raw = tt_connect(&address, &pending)
    guard raw >= 0 else { throw .silentLab(directory) }
    let descriptor = Descriptor(owning: raw)
    let request = Array("\(line)\n".utf8)
    _ = request.withUnsafeBytes { tt_send(descriptor.raw, $0.baseAddress, $0.count) }
    var reply: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      var wait = pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
      guard poll(&wait, 1, 10_000) > 0 else { throw .silentLab(directory) }
      let count = chunk.withUnsafeMutableBytes { tt_receive(descriptor.raw, $0.baseAddress, $0.count) }
      if count <= 0 { break }
      reply += chunk[..<count]
    }
    let text = String(decoding: reply, as: UTF8.self)
    guard text.hasPrefix("ok ") || text.hasPrefix("no ") else {
      // It was told to end, and has.
      if line == "down" { return (true, "") }
      throw .silentLab(directory)
    }
    return (text.hasPrefix("ok "), String(text.dropFirst(3)))
  }
}
