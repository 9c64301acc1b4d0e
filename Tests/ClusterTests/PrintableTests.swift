import Cluster
import Testing

@Suite struct PrintableTests {
  private func sanitised(_ bytes: [UInt8]) -> String { printable(bytes.span) }

  @Test func ordinaryTextPasses() {
    for text in ["", "web1", "Überlauf", "日本語", "e\u{301}"] {
      #expect(printable(text) == text)
      #expect(sanitised(Array(text.utf8)) == text)
    }
  }

  @Test func controlsBecomeVisible() {
    #expect(sanitised([0x00, 0x1B, 0x5B, 0x33, 0x31, 0x6D, 0x0A, 0x7F]) == "␀␛[31m␊␡")
    #expect(printable("\u{9B}31m") == "\u{FFFD}31m")
  }

  @Test func textThatHidesOrTurnsAroundBecomesVisible() {
    for scalar in [
      "\u{202E}", "\u{2066}", "\u{200B}", "\u{2028}", "\u{FEFF}", "\u{E0041}", "\u{FE0F}", "\u{3164}",
    ] {
      #expect(printable("a\(scalar)b") == "a◊b", "\(scalar.unicodeScalars.map(\.value))")
    }
  }

  @Test func invalidUTF8IsMarked() {
    #expect(sanitised([0x61, 0xFF, 0xC3]) == "a\u{FFFD}\u{FFFD}")
  }

  @Test func twiceIsTheSameAsOnce() {
    for value in 0...0x10FFFF {
      guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
      let once = printable(String(Character(scalar)))
      if printable(once) != once { Issue.record("U+\(String(value, radix: 16))") }
      if once.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) {
        Issue.record("a control is left of U+\(String(value, radix: 16))")
      }
    }
  }
}
