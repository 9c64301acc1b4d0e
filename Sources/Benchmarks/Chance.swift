/// Numbers that look like chance and are the same on every run. Source: Vigna, SplitMix64.
struct Chance {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

  mutating func below(_ limit: UInt64) -> UInt64 { next() % limit }

  /// Mean 0, variance 1: twelve times chance, less its mean.
  mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += unit() }
    return sum
  }

  /// Small ones by counting, large ones nearly.
  mutating func poisson(_ mean: Double) -> Int64 {
    guard mean < 30 else { return max(0, Int64((mean + normal() * mean.squareRoot()).rounded())) }
    // e^-mean without the library of the system: halved until the series is short.
    var limit = 1.0
    var term = 1.0
    let part = -mean / 32
    for place in 1...12 {
      term *= part / Double(place)
      limit += term
    }
    for _ in 0..<5 { limit *= limit }
    var count: Int64 = 0
    var product = unit()
    while product > limit {
      count += 1
      product *= unit()
    }
    return count
  }
}
