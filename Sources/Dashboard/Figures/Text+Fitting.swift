extension StringProtocol {
  /// The text in exactly `width` columns, to the left; cut with `ellipsis` where it is longer.
  func leading(_ width: Int, ellipsis: Unicode.Scalar = "…") -> String {
    let taken = columns
    if taken <= width { return String(self) + blanks(width - taken) }
    return cut(to: width, ellipsis: ellipsis)
  }

  /// The text in exactly `width` columns, to the right; cut where it is longer.
  func trailing(_ width: Int, ellipsis: Unicode.Scalar = "…") -> String {
    let taken = columns
    if taken <= width { return blanks(width - taken) + String(self) }
    return cut(to: width, ellipsis: ellipsis)
  }

  /// The text, cut to `width` columns with `ellipsis` at its end where it is longer.
  func shortened(_ width: Int, ellipsis: Unicode.Scalar = "…") -> String {
    columns <= width ? String(self) : cut(to: width, ellipsis: ellipsis)
  }

  /// The text in lines of at most `width` columns, broken between words where there are several.
  func folded(_ width: Int, ellipsis: Unicode.Scalar = "…") -> [String] {
    var lines: [String] = []
    for word in split(separator: " ") {
      if let last = lines.last, last.columns + 1 + word.columns <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(word.shortened(width, ellipsis: ellipsis))
      }
    }
    return lines
  }

  private func cut(to width: Int, ellipsis: Unicode.Scalar) -> String {
    guard width > 0 else { return "" }
    var result = String.UnicodeScalarView()
    var taken = 0
    for scalar in unicodeScalars {
      if taken + scalar.columns > width - 1 { break }
      result.append(scalar)
      taken += scalar.columns
    }
    result.append(ellipsis)
    return String(result) + blanks(width - 1 - taken)
  }
}

/// So many blanks; none for a negative count.
func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
