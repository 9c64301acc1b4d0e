import Cluster

/// The flat form of a sample, in the pieces that frames are made of: a frame shares what has not changed since the one
/// before, and only what changes is copied.
struct FlatParts {
  let shape: SampleShape
  /// Row by row; of a sample without rows all of its numbers.
  private(set) var figures: [Int64]
  /// Behind the figures: `show info`, and the servers' states.
  private(set) var rest: [Int64]
  /// Row by row; of a sample without rows all of its texts.
  private(set) var notes: [String]
  /// Behind the notes: those of `show info`.
  private(set) var words: [String]

  /// - Parameters: as many as the shape says.
  init(_ shape: SampleShape, numbers: consuming [Int64], texts: consuming [String]) throws(ChunkFault) {
    guard numbers.count == shape.numbers, texts.count == shape.texts else { throw .invalid("sample") }
    self.shape = shape
    (rest, words) = ([], [])
    if shape.roster != nil {
      rest = Array(numbers[(shape.rows * StatFigure.count)...])
      words = Array(texts[(shape.rows * StatNote.count)...])
      numbers.removeLast(rest.count)
      texts.removeLast(words.count)
    }
    figures = numbers
    notes = texts
  }

  var numberCount: Int { figures.count + rest.count }
  var textCount: Int { notes.count + words.count }

  /// A number by its place among all.
  subscript(number place: Int) -> Int64 {
    get { place < figures.count ? figures[place] : rest[place - figures.count] }
    set {
      if place < figures.count { figures[place] = newValue } else { rest[place - figures.count] = newValue }
    }
  }

  /// A text by its place among all.
  subscript(text place: Int) -> String {
    get { place < notes.count ? notes[place] : words[place - notes.count] }
    set {
      if place < notes.count { notes[place] = newValue } else { words[place - notes.count] = newValue }
    }
  }
}
