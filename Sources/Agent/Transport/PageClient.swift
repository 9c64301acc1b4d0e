import CCurl
import Cluster
import Platform

/// libcurl on an event loop: its sockets are watches, its time-out is a timer.
final class PageClient {
  let curl: OpaquePointer

  private let loop: EventLoop
  private let hooks: Hooks

  /// What libcurl's callbacks are given; apart from the client, which exists only once libcurl does.
  private final class Hooks {
    let loop: EventLoop
    var watches: [Int32: Watch] = [:]
    var timer: LoopTimer?
    var curl: OpaquePointer?

    init(loop: EventLoop) { self.loop = loop }

    func watch(_ fd: Int32, for interest: Int32) {
      var wanted: Interest = []
      if interest & Int32(TT_CURL_READABLE) != 0 { wanted.insert(.reading) }
      if interest & Int32(TT_CURL_WRITABLE) != 0 { wanted.insert(.writing) }
      if let known = watches[fd] {
        if !wanted.isEmpty, (try? loop.change(known, to: wanted)) != nil { return }
        // Nothing more is wanted, or libcurl has closed the descriptor and got the same number again.
        loop.unwatch(known)
        watches[fd] = nil
      }
      guard !wanted.isEmpty else { return }
      // Without a watch the transfer stands still, and its deadline ends it.
      watches[fd] = try? loop.watch(fd, for: wanted) { [unowned self] readiness in
        guard let curl else { return }
        var ready: Int32 = 0
        if readiness.contains(.reading) { ready |= Int32(TT_CURL_READABLE) }
        if readiness.contains(.writing) { ready |= Int32(TT_CURL_WRITABLE) }
        if !readiness.isDisjoint(with: [.error, .hangUp]) { ready |= Int32(TT_CURL_FAILED) }
        tt_curl_ready(curl, fd, ready)
      }
    }

    func arm(_ milliseconds: Int) {
      if milliseconds < 0 { timer?.disarm() } else { timer?.arm(after: .milliseconds(milliseconds)) }
    }
  }

  /// - Throws: `transfer` where libcurl is not there.
  init(loop: EventLoop) throws(ReadFailure) {
    self.loop = loop
    hooks = Hooks(loop: loop)
    var handlers = tt_curl_handlers()
    handlers.context = Unmanaged.passUnretained(hooks).toOpaque()
    handlers.watch = { context, fd, interest in
      guard let context else { return }
      Unmanaged<Hooks>.fromOpaque(context).takeUnretainedValue().watch(fd, for: interest)
    }
    handlers.arm = { context, milliseconds in
      guard let context else { return }
      Unmanaged<Hooks>.fromOpaque(context).takeUnretainedValue().arm(milliseconds)
    }
    var words: UnsafePointer<CChar>?
    guard let curl = tt_curl_open(&handlers, &words) else {
      throw .transfer(words: words.map { printable(String(cString: $0)) } ?? "")
    }
    self.curl = curl
    hooks.curl = curl
    hooks.timer = loop.timer { _ in tt_curl_time(curl) }
  }

  deinit {
    tt_curl_close(curl)
    hooks.curl = nil
    for watch in hooks.watches.values { loop.unwatch(watch) }
  }
}
