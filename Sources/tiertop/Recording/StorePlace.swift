import Cluster
import Control
import Glibc
import History

/// Where the record of a cluster is.
enum StorePlace {
  /// Where the daemon of the package keeps it.
  static let daemonDirectory = "/var/lib/tiertop"

  /// `--store`; else what systemd gives a daemon (`STATE_DIRECTORY`); else the user's own.
  static func ofRecorder(_ layout: Layout, option: String?) throws(MemoryFailure) -> String {
    if let option { return option }
    if let directory = serviceDirectory {
      return StateDirectory(at: directory).history(of: layout.memoryName)
    }
    let directory = try StateDirectory()
    try directory.make()
    return directory.history(of: layout.memoryName)
  }

  /// `--store`; else the daemon's where there is one that may be read; else the user's own.
  static func ofReader(_ layout: Layout, option: String?) throws(MemoryFailure) -> String {
    if let option { return option }
    let daemon = StateDirectory(at: daemonDirectory).history(of: layout.memoryName)
    if access(daemon, R_OK) == 0 { return daemon }
    return try ofRecorder(layout, option: nil)
  }

  /// Where the record of a cluster may be, the most likely first; nothing is made.
  static func candidates(of layout: Layout) -> [String] {
    let user = (try? StateDirectory())?.history(of: layout.memoryName)
    let service = serviceDirectory.map { StateDirectory(at: $0).history(of: layout.memoryName) }
    let daemon = StateDirectory(at: daemonDirectory).history(of: layout.memoryName)
    var places: [String] = []
    for place in [daemon, service, user].compactMap({ $0 }) where !places.contains(place) {
      places.append(place)
    }
    return places
  }

  /// What systemd gives a service; the first where there are several.
  private static var serviceDirectory: String? {
    StateDirectory.variable("STATE_DIRECTORY")?.split(separator: ":").first.map(String.init)
      .flatMap { $0.hasPrefix("/") ? $0 : nil }
  }
}
