import Foundation
import TestSupport
import Testing
import Wire

@Suite struct JSONReaderTests {
  static func value(_ text: String) throws(JSONFault) -> JSONValue {
    try JSONValue(parsing: Array(text.utf8).span)
  }

  @Test func everyKindOfValueIsRead() throws {
    let value = try Self.value(
      #" { "a": [ 1, -2, 2.5, 1e3, true, false, null ], "b": { }, "c": [], "d": "x", "a b": 9 } "#)
    #expect(
      value["a"]?.elements == [
        .integer(1), .integer(-2), .number(2.5), .number(1000), .bool(true), .bool(false), .null,
      ])
    #expect(value["b"] == .object([]) && value["c"] == .array([]))
    #expect(value["d"]?.text == "x" && value["a b"]?.integer == 9 && value["e"] == nil)
    #expect(value["a"]?.elements[3].integer == 1000 && value["a"]?.elements[0].number == 1)
    #expect(value["a"]?.elements[4].bool == true)
  }

  @Test func aNumberBeyond64BitsSaturatesAndAFractionIsNoWholeNumber() throws {
    #expect(try Self.value("99999999999999999999") == .integer(.max))
    #expect(try Self.value("2.5").integer == nil)
    #expect(try Self.value("1e300").integer == nil)
    #expect(try Self.value("0.1").number == 0.1)
    #expect(try Self.value("123456789.123456789123").number == 123456789.123456789123)
    #expect(try Self.value("1.7976931348623157e308").number == 1.7976931348623157e308)
  }

  @Test func ofTwoMembersOfOneNameTheLastOneCounts() throws {
    #expect(try Self.value(#"{"a":1,"a":2}"#)["a"] == .integer(2))
  }

  @Test func stringsAreUnescapedAndMadePrintable() throws {
    #expect(try Self.value(#""\/a\"\\\u0041\u00e9\ud83d\ude00""#).text == #"/a"\A"# + "é😀")
    #expect(try Self.value(#""\u001b[31m\n\t\b\f\r""#).text == "␛[31m␊␉␈␌␍")
    #expect(try Self.value("\"\u{1B}\n\"").text == "␛␊")
    #expect(try Self.value(#""\ud83dx\ude00\ud83d\u0041""#).text == "\u{FFFD}x\u{FFFD}\u{FFFD}A")
    let broken: [UInt8] = [0x22, 0xFF, 0x22]
    #expect(try JSONValue(parsing: broken.span).text == "\u{FFFD}")
  }

  @Test func aTextCutAnywhereIsTruncated() throws {
    let text = Array(#"{"a":[1,{"b\u0041":"c\\"},true,null,-2.5e1],"d":false}"#.utf8)
    #expect(throws: Never.self) { try JSONValue(parsing: text.span) }
    for cut in text.indices {
      #expect(throws: JSONFault.truncated, "cut at \(cut)") {
        try JSONValue(parsing: Array(text[..<cut]).span)
      }
    }
  }

  @Test(arguments: [
    ("{1:2}", 1), ("[1,]", 3), ("[1 2]", 3), ("{\"a\" 1}", 5), ("{\"a\":1,}", 7), ("nul!", 3), ("1 2", 2),
    ("<html>", 0), ("[+1]", 1), ("\"\\x\"", 2), ("\"\\u00g0\"", 5), ("[1-2]", 1), ("[.]", 1), ("]", 0),
  ]) func whatIsNoJSONIsSaidWithItsPlace(_ text: String, place: Int) {
    #expect(throws: JSONFault.unexpected(at: place)) { try Self.value(text) }
  }

  @Test func depthAndSizeAreBounded() throws {
    let limit = JSONValue.depthLimit
    let deepest = String(repeating: "[", count: limit) + String(repeating: "]", count: limit)
    #expect(throws: Never.self) { try Self.value(deepest) }
    for bracket in ["[", "{\"a\":"] {
      #expect(throws: JSONFault.tooDeep(limit: limit)) {
        try Self.value(String(repeating: bracket, count: 100_000))
      }
    }
    let many = "[" + String(repeating: "1,", count: JSONValue.countLimit) + "1]"
    #expect(throws: JSONFault.tooMany(limit: JSONValue.countLimit)) { try Self.value(many) }
  }

  @Test func bytesOfChanceAreAFaultOrAValueAndNeverACrash() {
    var random = SeededRandom(seed: 5)
    let alphabet = Array(#"{}[]",:\u0041eE+-.truefalsn "#.utf8)
    for _ in 0..<20_000 {
      let length = Int.random(in: 0..<24, using: &random)
      let bytes = (0..<length).map { _ in alphabet[Int.random(in: alphabet.indices, using: &random)] }
      let ours = (try? JSONValue(parsing: bytes.span)) != nil
      let theirs =
        (try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])) != nil
      // Foundation is the stricter one with numbers such as 007, and with half characters.
      #expect(ours || !theirs, "\(String(decoding: bytes, as: UTF8.self))")
    }
  }
}
