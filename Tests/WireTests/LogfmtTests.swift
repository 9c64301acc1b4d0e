import TestSupport
import Testing
import Wire

@Suite struct LogfmtTests {
  @Test func fieldsStandInTheirOrderAndOnlyWhatNeedsQuotesHasThem() {
    let line: LogfmtLine = ["user": "anna", "tty": "pts/3", "note": "kernel update", "words": ""]
    #expect(line.text == #"user=anna tty=pts/3 note="kernel update" words="""#)
    #expect(LogfmtLine().text == "")
  }

  @Test(arguments: [
    ("a=b", #""a=b""#), ("say \"no\"", #""say \"no\"""#), (#"C:\x"#, #""C:\\x""#),
    ("a\nb\r\tc", #""a\nb\r\tc""#), ("\0\u{1B}[31m\u{7F}", #""\u0000\u001b[31m\u007f""#),
    ("\u{85}\u{9B}\u{2028}\u{202E}\u{200B}", #""\u0085\u009b\u2028\u202e\u200b""#),
    ("\u{E0041}", #""\udb40\udc41""#), ("été 日本 \u{1F600}", "\"été 日本 \u{1F600}\""), ("{}", "{}"),
  ])
  func whatMovesACursorOrHidesIsWrittenByItsNumber(value: String, written: String) throws {
    let line: LogfmtLine = ["k": value]
    #expect(line.text == "k=" + written)
    #expect(try LogfmtLine(parsing: line.text) == line)
  }

  @Test func aKeyKeepsItsPlaceAndStandsOnce() {
    var line: LogfmtLine = ["a": "1", "b": "2"]
    line["a"] = "3"
    #expect(line.text == "a=3 b=2")
    line["a"] = nil
    line["none"] = nil
    line["A key="] = "x"
    line[""] = "y"
    #expect(line.text == "b=2 __key_=x _=y")
  }

  /// Equality of strings takes é and é for the same; a file name or a password is not.
  func bytes(_ line: LogfmtLine) -> [[UInt8]] {
    line.fields.map { Array($0.key.utf8) + [0] + Array($0.value.utf8) }
  }

  @Test func anyTextComesBackByteForByteFromALineWithoutControls() throws {
    var random = SeededRandom(seed: 11)
    for _ in 0..<5_000 {
      var line = LogfmtLine()
      for number in 0..<Int.random(in: 0...6, using: &random) {
        line["k\(number)"] = Self.text(&random)
      }
      let text = line.text
      #expect(text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
      #expect(!text.contains { $0.isNewline })
      let again = try LogfmtLine(parsing: text)
      #expect(bytes(again) == bytes(line), "\(text)")
      #expect(again.text == text)
    }
  }

  static func text(_ random: inout SeededRandom) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      let limit = [0x22, 0x80, 0x100, 0x2100, 0x11_0000].randomElement(using: &random) ?? 0x80
      if let scalar = Unicode.Scalar(UInt32.random(in: 0..<UInt32(limit), using: &random)) {
        text.append(scalar)
      }
    }
    return String(text)
  }

  @Test(arguments: [
    ("a", LogfmtFault.key(at: 0)), ("=b", .key(at: 0)), ("A=b", .key(at: 0)), ("a b=c", .key(at: 0)),
    ("é=b", .key(at: 0)), (" a=b", .key(at: 0)), ("a=b ", .key(at: 4)), ("a=b  c=d", .key(at: 4)),
    ("a=", .value(at: 2)), ("a= b=c", .value(at: 2)), ("a=b=c", .separator(at: 3)),
    ("a=é", .value(at: 2)), (#"a="b"c=d"#, .separator(at: 5)), (#"a=b"c""#, .separator(at: 3)),
    ("a=b a=c", .duplicateKey("a", at: 4)), (#"a="b"#, .unclosed(at: 2)), (#"a=""#, .unclosed(at: 2)),
    (#"a="\""#, .unclosed(at: 2)), (#"a="\"#, .escape(at: 3)), (#"a="\x41""#, .escape(at: 3)),
    (#"a="\u12""#, .escape(at: 3)), (#"a="\u12g4""#, .escape(at: 3)), (#"a="\ud800""#, .escape(at: 3)),
    (#"a="\udc00""#, .escape(at: 3)), (#"a="\ud800\n""#, .escape(at: 3)),
    (#"a="\ud800\ud800""#, .escape(at: 3)), (#"a="\ud800\u"#, .escape(at: 3)),
    ("a=\"b\nc\"", .control(at: 4)), ("a=b\0", .control(at: 3)), ("a=b\r", .control(at: 3)),
  ])
  func whatIsNoLineIsRefusedWithItsPlace(text: String, fault: LogfmtFault) {
    #expect(throws: fault) { try LogfmtLine(parsing: text) }
  }

  @Test func whatIsNoUTF8IsRefused() {
    for raw: [UInt8] in [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82]] {
      let line = Array(#"a=""#.utf8) + raw + [0x22]
      #expect(throws: LogfmtFault.notUTF8) { try LogfmtLine(parsing: line.span) }
    }
  }

  @Test func escapesThatOtherWritersUseAreRead() throws {
    #expect(try LogfmtLine(parsing: #"a="\u0041\u00E9\uD83D\uDE00""#)["a"] == "Aé\u{1F600}")
  }

  @Test func aLineHasBounds() throws {
    let longest = "a=" + String(repeating: "x", count: LogfmtLine.longestLine - 2)
    #expect(try LogfmtLine(parsing: longest)["a"]?.utf8.count == LogfmtLine.longestLine - 2)
    #expect(throws: LogfmtFault.tooLong(limit: LogfmtLine.longestLine)) {
      try LogfmtLine(parsing: longest + "x")
    }
    #expect(throws: LogfmtFault.key(at: 0)) {
      try LogfmtLine(parsing: String(repeating: "k", count: 65) + "=v")
    }
    let most = (0..<LogfmtLine.mostFields).map { "k\($0)=v" }.joined(separator: " ")
    #expect(try LogfmtLine(parsing: most).fields.count == LogfmtLine.mostFields)
    #expect(throws: LogfmtFault.tooManyFields(limit: LogfmtLine.mostFields)) {
      try LogfmtLine(parsing: most + " more=v")
    }
  }

  @Test func noBytesAtAllMakeItCrash() {
    var random = SeededRandom(seed: 12)
    let common = Array(#"ab="\u0 {}n"#.utf8)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
        Bool.random(using: &random)
          ? common[Int.random(in: common.indices, using: &random)] : UInt8.random(in: 0...255, using: &random)
      }
      guard let line = try? LogfmtLine(parsing: bytes.span) else { continue }
      let again = try? LogfmtLine(parsing: line.text)
      #expect(again == line)
    }
  }
}
