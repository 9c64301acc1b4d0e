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
    if let directory = StateDirectory.variable("STATE_DIRECTORY"), directory.hasPrefix("/") {
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
}
