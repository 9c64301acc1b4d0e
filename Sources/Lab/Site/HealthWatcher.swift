import Cluster
import Glibc
import Platform

/// Tells keepalived whether the HAProxy beside it serves, by a file: what a script of keepalived's would do where
/// scripts can run.
final class HealthWatcher {
  private let address: SocketAddress
  private let file: String
  private let namespace: NetworkNamespace
  private let loop: EventLoop
  private var probe: Probe?
  private var timer: LoopTimer?
  private var hasAnswered = false
  private var isHealthy = false
  /// Answers in a row, or missed ones.
  private var streak = 0

  /// From one question to the next; two answers make it healthy, three that are missing do not.
  private static let interval = Duration.milliseconds(150)
  private static let rise = 2
  private static let fall = 3

  /// - Parameter file: there already, with the text of a HAProxy that does not serve.
  init(of address: SocketAddress, file: String, from namespace: NetworkNamespace, on loop: EventLoop) {
    self.address = address
    self.file = file
    self.namespace = namespace
    self.loop = loop
    timer = loop.timer { [weak self] _ in self?.look() }
    ask()
  }

  private func ask() {
    hasAnswered = false
    probe = Probe(.page(HAProxyConfiguration.healthPage, at: address), from: namespace, on: loop) {
      [weak self] in self?.hasAnswered = true
    }
    timer?.arm(after: Self.interval)
  }

  private func look() {
    streak = hasAnswered == isHealthy ? 0 : streak + 1
    if streak >= (isHealthy ? Self.fall : Self.rise) {
      isHealthy.toggle()
      streak = 0
      write()
    }
    ask()
  }

  /// In place and of one length: keepalived reads whenever the file changes, and should never find half of it.
  private func write() {
    let raw = open(file, O_WRONLY | O_CLOEXEC)
    guard raw >= 0 else { return }
    let text = Array((isHealthy ? "0   \n" : "-254\n").utf8)
    _ = text.withUnsafeBytes { Glibc.pwrite(raw, $0.baseAddress, $0.count, 0) }
    close(raw)
  }
}
