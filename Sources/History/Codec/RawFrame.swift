import Cluster

/// A frame as it is written: what is new since the frame before, by columns.
struct RawFrame {
  var at: Moment
  var isBetweenTicks: Bool
  var readings: [RawReading]
}

struct RawReading {
  var source: Int
  var at: Moment
  var took: Int64
  var outcome: Outcome

  enum Outcome {
    case failure(ReadFailure)
    /// The first of a chunk, or one of another shape than the one before: everything.
    case whole(SampleShape, numbers: [Int64], texts: [String])
    /// What differs from the sample before; each place is larger than the one before it.
    case changes(numbers: [NumberChange], texts: [TextChange])
  }
}

struct NumberChange {
  var place: Int
  /// Wrapping: what to add to the number before.
  var difference: Int64
}

struct TextChange {
  var place: Int
  var text: String
}
