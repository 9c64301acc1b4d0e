/// How one program of a lab is started.
struct LabCommand: Sendable, Hashable {
  /// The node's name, or what else it is.
  var name: String
  /// As it is called in PATH.
  var program: String
  /// Without the program's own name.
  var arguments: [String]
  /// Its directory, and that of its log.
  var home: String
  /// The node in whose network it runs; nil for that of the lab itself.
  var node: String?
}
