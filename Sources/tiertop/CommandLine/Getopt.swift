import CSystem

/// The options of a command, as getopt_long wants them; the memory lives as long as this does.
final class GetoptTable {
  let entries: UnsafeMutablePointer<option>
  let letters: String
  private let options: [Option]
  private let names: CStringArray
  /// Long options without a letter are numbered from here.
  private static let firstCode: Int32 = 256

  init(_ options: [Option]) {
    self.options = options
    names = CStringArray(options.map(\.rawValue))
    entries = .allocate(capacity: options.count + 1)
    // `:` makes a missing argument tell itself from an unknown option.
    var letters = ":"
    for (index, option) in options.enumerated() {
      entries[index] = CSystem.option(
        name: names.pointer[index], has_arg: option.argument == nil ? 0 : 1, flag: nil,
        val: GetoptTable.code(of: option, at: index))
      if let letter = option.letter { letters += String(letter) + (option.argument == nil ? "" : ":") }
    }
    entries[options.count] = CSystem.option()
    self.letters = letters
  }

  deinit { entries.deallocate() }

  func option(for code: Int32) -> Option? {
    options.enumerated().first { GetoptTable.code(of: $1, at: $0) == code }?.element
  }

  private static func code(of option: Option, at index: Int) -> Int32 {
    option.letter?.asciiValue.map { Int32($0) } ?? firstCode + Int32(index)
  }
}

/// An `argv`: strings of C, freed when this goes.
final class CStringArray {
  let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  let count: Int

  init(_ strings: [String]) {
    count = strings.count
    pointer = .allocate(capacity: count + 1)
    for (index, string) in strings.enumerated() {
      let bytes = Array(string.utf8CString)
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
      copy.initialize(from: bytes, count: bytes.count)
      pointer[index] = copy
    }
    pointer[count] = nil
  }

  /// The string at a place as it stands there now; getopt_long reorders them.
  subscript(index: Int) -> String { pointer[index].map { String(cString: $0) } ?? "" }

  deinit {
    for index in 0..<count { pointer[index]?.deallocate() }
    pointer.deallocate()
  }
}
