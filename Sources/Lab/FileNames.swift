import Glibc

/// What is in a directory.
enum FileNames {
  /// The names in it, sorted, without its own and the one above; nil where it cannot be read.
  static func all(in directory: String) -> [String]? {
    guard let stream = opendir(directory), let place = MemoryLayout<dirent>.offset(of: \.d_name) else {
      return nil
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      // Of an entry there is only as much as its name is long: as a value it would be read beyond its end.
      let name = UnsafeRawPointer(entry).advanced(by: place).assumingMemoryBound(to: CChar.self)
      names.append(String(cString: name))
    }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
  }
}
