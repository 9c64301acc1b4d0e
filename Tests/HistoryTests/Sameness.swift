import Cluster

/// A frame in which nothing is left out, so that two can be compared: texts by their bytes, because equal texts may be
/// of different ones. What there are thousands of is not printed by way of reflection, which takes most of a test's time.
struct FramePicture: Hashable {
  private var bytes: [UInt8] = []
  private var figures: [[Int64]] = []

  init(_ frame: Frame) {
    line("\(frame.at) \(frame.isBetweenTicks)")
    for reading in frame.readings {
      line("\(reading.source) \(reading.at) \(reading.took)")
      switch reading.outcome {
      case .failure(let failure): line("\(failure)")
      case .sample(.web(let web)): line("\(web)")
      case .sample(.proxy(let proxy)): add(proxy)
      case .sample(let other): line("\(other)")
      }
    }
  }

  /// All but the figures, texts as they are.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  private mutating func add(_ proxy: ProxySample) {
    for row in proxy.stat.roster.rows {
      for text in [row.proxy, row.name, row.address, row.cookie, row.mode] { add(text) }
      line(String(row.kind.rawValue))
    }
    figures.append(proxy.stat.figures)
    for note in proxy.stat.notes { add(note) }
    line("\(String(describing: proxy.info)) \(String(describing: proxy.level))")
    line(proxy.servers == nil ? "no states" : "states")
    for row in proxy.servers?.rows ?? [] {
      add(row.backend)
      add(row.server)
      line("\(row.operational.rawValue) \(row.admin.rawValue) \(row.weight) \(row.configuredWeight)")
    }
  }

  /// With its length, so that no other texts look the same in a row.
  private mutating func add(_ text: String) {
    bytes += String(text.utf8.count).utf8
    bytes.append(UInt8(ascii: ":"))
    bytes += text.utf8
  }

  private mutating func line(_ text: String) {
    bytes += text.utf8
    bytes.append(UInt8(ascii: "\n"))
  }
}
