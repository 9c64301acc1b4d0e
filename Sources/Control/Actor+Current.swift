public import Cluster
import Glibc

extension Actor {
  /// Who runs this program: the user's name (or number), the host's, and the terminal of the standard streams.
  public static func current() -> Actor {
    Actor(user: user, host: host, terminal: terminal)
  }

  private static var user: String {
    let id = getuid()
    // An account may have no entry, in a container for example.
    guard let entry = getpwuid(id), let name = entry.pointee.pw_name else { return String(id) }
    return String(cString: name)
  }

  private static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "" }
    return name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }

  private static var terminal: String {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      var path = [CChar](repeating: 0, count: 256)
      guard ttyname_r(descriptor, &path, path.count) == 0 else { continue }
      let text = path.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
      return text.hasPrefix("/dev/") ? String(text.dropFirst(5)) : text
    }
    return ""
  }
}
