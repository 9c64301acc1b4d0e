/// The times of several runs of one thing.
struct Figures {
  private var seconds: [Double] = []

  /// Runs it `runs` times, after one run that is not counted.
  init(runs: Int, _ work: () -> Void) {
    let clock = ContinuousClock()
    work()
    for _ in 0..<runs {
      let took = clock.measure(work)
      let (whole, attoseconds) = took.components
      seconds.append(Double(whole) + Double(attoseconds) / 1e18)
    }
    seconds.sort()
  }

  var median: Double { seconds[seconds.count / 2] }
  var fastest: Double { seconds[0] }
  var slowest: Double { seconds[seconds.count - 1] }

  /// `812 MB/s (790–830)` for so many bytes a run.
  func speed(of bytes: Int) -> String {
    func megabytes(_ seconds: Double) -> String { String(Int(Double(bytes) / seconds / 1e6 + 0.5)) }
    return "\(megabytes(median)) MB/s (\(megabytes(slowest))–\(megabytes(fastest)))"
  }
}

/// With two places: `0.83`.
func twoPlaces(_ number: Double) -> String {
  let hundredths = Int(number * 100 + 0.5)
  let places = String(hundredths % 100)
  return "\(hundredths / 100).\(places.count < 2 ? "0" : "")\(places)"
}

/// With three places: `0.825`.
func threePlaces(_ number: Double) -> String {
  let thousandths = Int(number * 1000 + 0.5)
  let places = String(thousandths % 1000)
  return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - places.count))\(places)"
}

extension String {
  /// With spaces behind it, so that what follows stands in a column.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }

  /// With spaces before it, so that it ends in a column.
  func ending(at width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - count)) + self }
}
