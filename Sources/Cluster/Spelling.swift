/// The candidate that was probably meant by a misspelt word; nil where none is near.
///
/// Near: at most a third of the word's letters, and at least one, changed, missing, too many or swapped
/// with their neighbour. Case, and `-` against `_`, count for nothing. The first of equally near ones wins.
/// O(candidates × letters²).
public func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
  let wanted = folded(word)
  let limit = max(1, wanted.count / 3)
  var best: (candidate: String, distance: Int)?
  for candidate in candidates {
    let letters = folded(candidate)
    guard abs(letters.count - wanted.count) <= limit else { continue }
    let distance = editDistance(wanted, letters)
    if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.candidate
}

/// Letters as they are compared; nobody misspells a word of more than 64.
private func folded(_ word: String) -> [UInt8] {
  word.utf8.prefix(64).map { letter in
    switch letter {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter | 0x20
    case UInt8(ascii: "_"): UInt8(ascii: "-")
    default: letter
    }
  }
}

/// How many letters to change, insert, remove or swap with their neighbour (optimal string alignment).
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for (row, letter) in a.enumerated() {
    var current = [row + 1]
    for (column, other) in b.enumerated() {
      var cost = min(last[column] + (letter == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, letter == b[column - 1], a[row - 1] == other {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      current.append(cost)
    }
    beforeLast = last
    last = current
  }
  return last[b.count]
}
