import Cluster

/// The frame that is being made: what has been reported for it, and who is still to report.
struct OpenFrame {
  /// Whether one is being made. What is reported while none is goes into the next.
  private(set) var isOpen = false
  /// Whether there is anything that no frame has.
  var hasReadings: Bool { !readings.isEmpty }

  /// Whether it is an additional one.
  private var isBetweenTicks = false
  private var readings: [Reading] = []
  private var waiting: [Waiting]
  /// Sources that have not reported: all, and those that are expected to.
  private var outstanding = 0
  private var expected = 0

  private enum Waiting {
    case no
    case yes(isExpected: Bool)
  }

  init(sources: Int) {
    waiting = Array(repeating: .no, count: sources)
    readings.reserveCapacity(sources)
  }

  mutating func open(isBetweenTicks: Bool) {
    isOpen = true
    self.isBetweenTicks = isBetweenTicks
  }

  /// Waits for a source.
  ///
  /// - Parameter isExpected: whether the frame is not complete without it.
  mutating func wait(for place: Int, isExpected: Bool) {
    waiting[place] = .yes(isExpected: isExpected)
    outstanding += 1
    if isExpected { expected += 1 }
  }

  /// Whether nobody is to report any more.
  var isComplete: Bool { outstanding == 0 }

  /// Takes a reading, and returns whether the frame is complete with it.
  mutating func take(_ reading: Reading) -> Bool {
    readings.append(reading)
    var wasExpected = false
    if case .yes(let isExpected) = waiting[reading.source.index] {
      outstanding -= 1
      wasExpected = isExpected
      if isExpected { expected -= 1 }
    }
    waiting[reading.source.index] = .no
    // Where none was expected, the frame waits for those that were not.
    return isComplete || (wasExpected && expected == 0)
  }

  /// What was reported until now, where a frame is being made. Who has not reported is not waited for any more.
  mutating func close(at moment: Moment) -> Frame? {
    guard isOpen else { return nil }
    let frame = Frame(at: moment, readings: readings, isBetweenTicks: isBetweenTicks)
    isOpen = false
    readings = []
    readings.reserveCapacity(waiting.count)
    for place in waiting.indices { waiting[place] = .no }
    (outstanding, expected) = (0, 0)
    return frame
  }
}
