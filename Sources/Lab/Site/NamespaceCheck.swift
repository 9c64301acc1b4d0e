import Glibc
import Platform

/// Whether this machine lets this user make the namespaces that a lab needs.
enum NamespaceCheck {
  /// Tries it. - Returns: why not, in words; nil where it can be done.
  static func trouble(_ options: LabSupervisor.Options) -> String? {
    let search = ProgramSearch(path: getenv("PATH").map { String(cString: $0) })
    for program in ["unshare", "nsenter", "ip", "nft", "mount"] {
      if (try? search.path(of: program)) == nil { return "\(program) is not installed" }
    }
    // All that a lab does first, and nothing of it stays.
    let script =
      "mount -t tmpfs tmpfs /run && mount -t proc proc /proc && mkdir /run/netns && ip netns add lab"
    let flags = SiteKeeper.unshare
    do throws(SystemError) {
      let path = (try? search.path(of: "unshare")) ?? "unshare"
      let child = try ChildProcess(Command(path, flags + ["/bin/sh", "-c", script]))
      return child.waitUntilExit().isSuccess ? nil : "unshare \(flags[0]) was refused"
    } catch {
      return error.words
    }
  }
}
