import CSystem
import Glibc

/// A network namespace of this machine, as far as connections are made in it: a socket belongs for good to the
/// namespace in which it was made, so that nothing else of the program has to be there.
public final class NetworkNamespace: Sendable {
  private let there: Descriptor
  private let here: Descriptor

  /// - Parameter path: of the file that stands for it: `/run/netns/web1`, `/proc/PID/ns/net`.
  public init(path: String) throws(SystemError) {
    there = Descriptor(owning: try NetworkNamespace.opened(path))
    here = Descriptor(owning: try NetworkNamespace.opened("/proc/thread-self/ns/net"))
  }

  /// For system calls; valid as long as this lives.
  var raw: Int32 { there.raw }

  /// Does something as if this thread were in the namespace. It must not wait.
  ///
  /// - Throws: what keeps this thread out of it; for an ordinary user that is `EPERM` unless `joinOwner` was called.
  public func within<Value>(_ work: () -> Value) throws(SystemError) -> Value {
    _ = try checked(tt_namespace_enter(there.raw), "enter network namespace")
    defer {
      // A program that went on in another network than it believes would tell lies about both.
      if tt_namespace_enter(here.raw) != 0 { fatalError("the way back from a network namespace is closed") }
    }
    return work()
  }

  /// Enters the user namespace that a network namespace belongs to, where this process is in another one: what an
  /// ordinary user has to do, once, before any thread is started, to use namespaces that it made itself. There is
  /// no way back for it, neither to the user namespace nor to a network outside; so from then on it lives in this
  /// network. Files stay as they were for this user. For root nothing changes.
  public static func joinOwner(of path: String) throws(SystemError) {
    let namespace = Descriptor(owning: try opened(path))
    if try checked(tt_namespace_join_owner(namespace.raw), "enter user namespace") == 0 { return }
    _ = try checked(tt_namespace_enter(namespace.raw), "enter network namespace")
  }

  private static func opened(_ path: String) throws(SystemError) -> Int32 {
    try checked(tt_namespace_open(path), "open network namespace")
  }
}
