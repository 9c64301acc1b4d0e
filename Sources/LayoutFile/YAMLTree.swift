internal import CYAML

/// What a YAML file says, as a tree, built from libyaml's events within fixed bounds.
struct YAMLTree {
  var root: YAMLNode
  /// What layouts do not allow, in the order of the file.
  var refusals: [(refusal: YAMLRefusal, place: Place)]

  static let depthLimit = 32
  static let nodeLimit = 100_000

  init(parsing bytes: [UInt8]) throws(YAMLFault) {
    let result = bytes.withUnsafeBufferPointer { buffer in
      Result { () throws(YAMLFault) in
        var builder = YAMLBuilder(bytes: buffer)
        defer { builder.close() }
        return YAMLTree(root: try builder.document(), refusals: builder.refusals)
      }
    }
    self = try result.get()
  }

  private init(root: YAMLNode, refusals: [(refusal: YAMLRefusal, place: Place)]) {
    self.root = root
    self.refusals = refusals
  }
}
