import Foundation
import TestSupport
import Testing
import Wire

@Suite struct JSONWriterTests {
  static func text(_ write: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    write(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test func commasStandBetweenMembersAndElements() {
    let text = Self.text { json in
      json.object { json in
        json.member("version", 1 as Int64)
        json.array("nodes") { json in
          json.object { json in
            json.member("ok", true)
            json.null("error")
          }
          json.array { _ in }
          json.value("x")
        }
        json.object("empty") { _ in }
      }
      json.endLine()
      json.value(nil as String?)
    }
    #expect(text == "{\"version\":1,\"nodes\":[{\"ok\":true,\"error\":null},[],\"x\"],\"empty\":{}}\nnull")
  }

  @Test func textsAreEscaped() {
    #expect(
      Self.text { $0.value("\"\\/\n\r\t\u{8}\u{0}\u{1F}\u{7F}\u{2028}\u{2029}é\u{1F600}") }
        == "\"\\\"\\\\/\\n\\r\\t\\u0008\\u0000\\u001f\\u007f\\u2028\\u2029é\u{1F600}\"")
  }

  @Test func numbersReadBackTheSame() throws {
    for number in [0, 1, -1, 42, .max, .min] as [Int64] {
      #expect(Self.text { $0.value(number) } == String(number))
    }
    for number in [
      0, -0.0, 0.1, 1.0 / 3, 1e21, Double.leastNonzeroMagnitude, .greatestFiniteMagnitude, -12.5, 1e-7,
    ] {
      let text = Self.text { $0.array { $0.value(number) } }
      let read = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Double])
      #expect(read == [number], "\(text)")
    }
    for number in [Double.nan, .infinity, -.infinity] { #expect(Self.text { $0.value(number) } == "null") }
    #expect(Self.text { $0.value(nil as Double?) } == "null")
    #expect(Self.text { $0.value(nil as Int64?) } == "null")
  }

  @Test func anyTextReadsBackTheSame() throws {
    var random = SeededRandom(seed: 5)
    for _ in 0..<200 {
      var text = ""
      for _ in 0..<Int.random(in: 0..<20, using: &random) {
        if let scalar = Unicode.Scalar(UInt32.random(in: 0..<0x3000, using: &random)) {
          text.unicodeScalars.append(scalar)
        }
      }
      let json = Self.text { $0.array { $0.value(text) } }
      let read = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String])
      #expect(read.first.map { Array($0.utf8) } == Array(text.utf8))
    }
  }
}
