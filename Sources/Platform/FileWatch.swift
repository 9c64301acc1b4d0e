import CSystem

/// Tells on a loop when something happens to a file (inotify). It says that, and not what: who is told looks.
public final class FileWatch {
  /// What is told of.
  public enum Occasion: Sendable {
    /// Somebody has written into it.
    case written
    /// Somebody who could have written into it has closed it, or has ended.
    case letGo
  }

  private let descriptor: Descriptor
  private let loop: EventLoop
  private var watch: Watch?

  /// Several things that happen within one round are told of once.
  ///
  /// - Throws: `ENOENT` where there is no such file; where another one takes its place, nothing is told of that.
  public init(
    _ path: String, for occasion: Occasion, on loop: EventLoop, _ handler: @escaping () -> Void
  ) throws(SystemError) {
    self.loop = loop
    descriptor = Descriptor(owning: try checked(tt_inotify(), "inotify_init"))
    let raw = descriptor.raw
    let bits = occasion == .written ? TT_FILE_WRITTEN : TT_FILE_LET_GO
    _ = try checked(tt_inotify_add(raw, path, UInt32(bits)), "inotify_add_watch")
    watch = try loop.watch(raw, for: .reading) { _ in
      tt_inotify_drain(raw)
      handler()
    }
  }

  deinit {
    if let watch { loop.unwatch(watch) }
  }
}
