import CSystem
import Cluster
import Glibc
import Platform

/// One try to connect, and nothing else: a connection that stands is closed at once.
final class ConnectionTry {
  /// When it was begun.
  let began: Moment

  private let loop: EventLoop
  private let ended: (Result<Int32, SystemError>) -> Void
  private var socket: Descriptor?
  private var watch: Watch?
  private var isOver = false

  /// - Parameter ended: is called once, never before this returns, with the error that connecting ended with, or
  ///   with 0 where the connection stood; it has failed where it could not be tried. Where the other side says
  ///   nothing it is not called.
  init(
    to address: tt_address, within namespace: NetworkNamespace?, loop: EventLoop,
    _ ended: @escaping (Result<Int32, SystemError>) -> Void
  ) {
    self.loop = loop
    self.ended = ended
    began = loop.now
    do {
      try connect(to: address, within: namespace)
    } catch {
      endLater(.failure(error))
    }
  }

  private func connect(to address: tt_address, within namespace: NetworkNamespace?) throws(SystemError) {
    var address = address
    var isPending: Int32 = 0
    let raw =
      try namespace.map { namespace throws(SystemError) in
        try namespace.within { tt_connect(&address, &isPending) }
      } ?? tt_connect(&address, &isPending)
    if raw < 0 { return endLater(.success(-raw)) }
    socket = Descriptor(owning: raw)
    if isPending == 0 { return endLater(.success(0)) }
    watch = try loop.watch(raw, for: .writing) { [unowned self] _ in end(.success(-tt_connect_result(raw))) }
  }

  deinit { close() }

  /// Gives it up; nobody is called.
  func close() {
    if let watch { loop.unwatch(watch) }
    watch = nil
    socket = nil
    isOver = true
  }

  private func endLater(_ result: Result<Int32, SystemError>) {
    loop.later { [weak self] in self?.end(result) }
  }

  private func end(_ result: Result<Int32, SystemError>) {
    if isOver { return }
    close()
    ended(result)
  }
}
