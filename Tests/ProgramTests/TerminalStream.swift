/// What a terminal was sent, read as a terminal reads it: text, and sequences that steer.
///
/// It knows those that tiertop makes, and nothing else: whatever else there is, is a fault.
struct TerminalStream {
  /// All text, without what steers.
  private(set) var text = String.UnicodeScalarView()
  /// Each byte or sequence that nothing of tiertop sends, in words.
  private(set) var faults: [String] = []
  /// How many sequences there are.
  private(set) var sequences = 0

  private var rest: ArraySlice<UInt8>
  /// Combining marks since the last character of their own.
  private var marks = 0

  private let mostMarks: Int

  /// - Parameter allowsSequences: whether anything may steer at all; it may not where lines are printed. There marks
  ///   are the text's own, as in a file; a cell of the screen has one.
  init(_ bytes: [UInt8], allowsSequences: Bool = true) {
    mostMarks = allowsSequences ? 1 : .max
    // The end of a record may be in the middle of something.
    rest = bytes[...]
    while let first = rest.first {
      switch first {
      case 0x1B:
        sequences += 1
        let taken = sequence()
        if !allowsSequences { faults.append("a sequence: \(Array(taken.prefix(20)))") }
      case 0x0A, 0x0D: rest.removeFirst()
      // To the left, and in and out of the set of line-drawing characters.
      case 0x08, 0x0E,
        0x0F where allowsSequences:
        rest.removeFirst()
      case 0x00...0x1F, 0x7F:
        faults.append("the control character \(first)")
        rest.removeFirst()
      default: character()
      }
    }
  }

  private mutating func sequence() -> ArraySlice<UInt8> {
    let start = rest
    rest.removeFirst()
    switch rest.popFirst() {
    case UInt8(ascii: "["):
      let parameters = rest.prefix { $0 >= 0x20 && $0 <= 0x3F }
      rest = rest.dropFirst(parameters.count)
      guard let final = rest.popFirst() else { return start }
      check(String(decoding: parameters, as: UTF8.self), Character(Unicode.Scalar(final)))
    // A character set: ASCII, or lines.
    case UInt8(ascii: "("), UInt8(ascii: ")"):
      let set = rest.popFirst()
      if set != UInt8(ascii: "B"), set != UInt8(ascii: "0") { faults.append("the character set \(set ?? 0)") }
    // Keypad modes, the cursor kept and put back, the line above.
    case UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "7"), UInt8(ascii: "8"), UInt8(ascii: "M"): break
    case nil: break
    case .some(let other): faults.append("escape and \(other)")
    }
    return start.dropLast(rest.count)
  }

  private mutating func check(_ parameters: String, _ final: Character) {
    let isKnown: Bool
    switch final {
    // Where the cursor is; what is cleared, put in, taken out, repeated, moved.
    case "A", "B", "C", "D", "G", "H", "d", "J", "K", "X", "@", "P", "L", "M", "S", "T", "b", "r":
      isKnown = parameters.allSatisfy { $0.isNumber || $0 == ";" }
    case "m": isKnown = TerminalStream.isColour(parameters)
    case "h", "l": isKnown = TerminalStream.modes.contains(parameters)
    // xterm's window title, kept with the screen and put back with it.
    case "t": isKnown = parameters == "22;0;0" || parameters == "23;0;0"
    // The cursor of the console of Linux.
    case "c": isKnown = ["?0", "?1", "?8"].contains(parameters)
    default: isKnown = false
    }
    if !isKnown { faults.append("CSI \(parameters) \(final)") }
  }

  /// Cursor, keypad, wrapping, the other screen, mouse, pasting in brackets, insertion.
  private static let modes: Set<String> = [
    "?1", "?7", "?12", "?25", "?12;25", "?34", "34", "?1000", "?1002", "?1003", "?1006", "?1006;1000",
    "?1049",
    "?2004",
    "4",
  ]

  /// Attributes that the palette has, and colours of 8, 16 and 256.
  private static func isColour(_ parameters: String) -> Bool {
    if parameters.contains(":") { return false }
    var numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }[...]
    while let number = numbers.popFirst() {
      switch number {
      case 0, 1, 2, 4, 7, 10, 11, 22, 24, 27, 30...37, 39, 40...47, 49, 90...97, 100...107: continue
      case 38, 48:
        guard numbers.popFirst() == 5, let colour = numbers.popFirst(), (0...255).contains(colour) else {
          return false
        }
      default: return false
      }
    }
    return true
  }

  /// One character of UTF-8, and whether anybody can see it.
  private mutating func character() {
    var decoder = UTF8()
    var source = rest.makeIterator()
    switch decoder.decode(&source) {
    case .scalarValue(let scalar):
      let length = UTF8.width(scalar)
      rest = rest.dropFirst(length)
      look(at: scalar)
    case .emptyInput: rest = []
    case .error:
      if rest.count > 3 { faults.append("no UTF-8: \(Array(rest.prefix(4)))") }
      rest.removeFirst()
    }
  }

  private mutating func look(at scalar: Unicode.Scalar) {
    text.append(scalar)
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark:
      marks += 1
      if marks > mostMarks { faults.append("\(marks) marks over one character") }
    case .control, .format, .privateUse, .lineSeparator, .paragraphSeparator:
      faults.append("the character \(String(scalar.value, radix: 16))")
    default:
      marks = 0
      if scalar.properties.isDefaultIgnorableCodePoint {
        faults.append("nothing to see: \(String(scalar.value, radix: 16))")
      }
    }
  }
}
