extension String {
  /// The beginning of it that fits into so many bytes; a character is never cut in two.
  func cut(toBytes limit: Int) -> String {
    if utf8.count <= limit { return self }
    var result = ""
    var count = 0
    for character in self {
      count += character.utf8.count
      if count > limit { break }
      result.append(character)
    }
    return result
  }
}
