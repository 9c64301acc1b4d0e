/// Work that takes long, in slices, each in a round of a loop in which nobody wants anything: who waits for keys is heard
/// in between.
public final class SlicedWork {
  private let loop: EventLoop
  private var slice: (() -> Bool)?

  public init(on loop: EventLoop) { self.loop = loop }

  /// Begins; does nothing while it is under way.
  ///
  /// - Parameter slice: does a little of it; false where nothing is left.
  public func begin(_ slice: @escaping () -> Bool) {
    guard self.slice == nil else { return }
    self.slice = slice
    goOn()
  }

  private func goOn() {
    loop.whenIdle { [weak self] in
      guard let self, let slice else { return }
      if slice() { goOn() } else { self.slice = nil }
    }
  }
}
