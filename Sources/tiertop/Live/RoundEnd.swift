import Platform

/// What is done at the end of a round of a loop, in the order in which it was asked for: once what the round has made
/// is on the screen, for which somebody waits.
final class RoundEnd {
  private let loop: EventLoop
  private var work: [() -> Void] = []

  init(of loop: EventLoop) { self.loop = loop }

  func add(_ work: @escaping () -> Void) {
    self.work.append(work)
    if self.work.count == 1 { loop.later { [weak self] in self?.doNow() } }
  }

  /// Does now what is still to be done.
  func doNow() {
    let work = work
    self.work = []
    for each in work { each() }
  }
}
