extension Unicode.Scalar {
  /// How many columns of a terminal it takes: 0 for combining marks, 2 for wide East Asian characters and
  /// emoji, else 1. Source: Unicode's EastAsianWidth.txt, W and F.
  public var columns: Int {
    if value < 0x300 { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default:
      return 1
    }
  }
}

extension StringProtocol {
  /// How many columns of a terminal the text takes.
  public var columns: Int { unicodeScalars.reduce(0) { $0 + $1.columns } }
}
