import Cluster
import Wire

/// What stands in an intents file, version 1: pure, from bytes and to bytes.
struct IntentDocument {
  var intents = Intents()
  /// The lines that could not be understood, counted from 1.
  private(set) var damagedLines: [Int] = []

  static let format = "tiertop-intents"
  static let version: Int64 = 1

  /// It was written by a newer tiertop, whose lines may mean anything.
  struct Newer: Error, Hashable {
    let version: Int64
  }

  /// Reads a whole file; an empty one holds nothing. Without its first line no other is trusted. O(bytes).
  init(parsing bytes: [UInt8]) throws(Newer) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard let first = lines.first else { return }
    let version = IntentDocument.version(of: first)
    if let version, version > IntentDocument.version { throw Newer(version: version) }
    guard version == IntentDocument.version else {
      damagedLines = Array(1...lines.count)
      return
    }
    for (place, bytes) in lines.enumerated().dropFirst() {
      if let line = try? LogfmtLine(parsing: bytes.span), let intent = Intent(line: line) {
        intents.remember(intent)
      } else {
        damagedLines.append(place + 1)
      }
    }
  }

  /// The whole file for these intents. O(n log n).
  static func bytes(of intents: Intents) -> [UInt8] {
    let head: LogfmtLine = ["format": format, "version": String(version)]
    return ([head] + intents.all.map(\.line)).flatMap { Array($0.text.utf8) + [UInt8(ascii: "\n")] }
  }

  /// The version that a first line tells; nil where it is none.
  private static func version(of bytes: ArraySlice<UInt8>) -> Int64? {
    guard let line = try? LogfmtLine(parsing: bytes.span), line.fields.first?.key == "format",
      line["format"] == format, let version = line["version"].flatMap(plainNumber)
    else { return nil }
    // What else a newer one says there is its own.
    return version > IntentDocument.version || line.fields.count == 2 ? version : nil
  }
}

/// Decimal digits as they are written here: no sign, no zero before them.
func plainNumber(_ text: String) -> Int64? {
  Int64(text).flatMap { $0 >= 0 && String($0) == text ? $0 : nil }
}
