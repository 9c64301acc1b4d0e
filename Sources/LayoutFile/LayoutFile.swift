public import Cluster

/// The file that says what a cluster is.
public enum LayoutFile {
  /// The largest layout that is read: 1 MiB, about ten thousand nodes.
  public static let limit = 1 << 20

  /// Reads a layout from a file, or from the standard input for `-`.
  ///
  /// Never reads more than `limit`, and waits for a pipe at most ten seconds.
  public static func read(path: String) throws(LayoutFileError) -> Layout {
    try layout(from: try BoundedFile.bytes(of: path, limit: limit))
  }

  /// The layout that the bytes of a file say.
  public static func layout(from bytes: [UInt8]) throws(LayoutFileError) -> Layout {
    guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
    let tree: YAMLTree
    do {
      tree = try YAMLTree(parsing: bytes)
    } catch {
      throw .notYAML(error)
    }
    guard LayoutReader.isLayout(tree.root) else { throw .notALayout(at: tree.root.place) }
    var reader = LayoutReader()
    let layout = reader.layout(tree)
    guard reader.mistakes.isEmpty else { throw .mistakes(reader.mistakes) }
    return layout
  }

  /// A layout as a commented file, ready to be edited; reading it gives the same layout.
  ///
  /// `origin` says in its first comment where it comes from.
  public static func text(of layout: Layout, origin: String? = nil) -> String {
    LayoutWriter(layout: layout).text(origin: origin)
  }
}
