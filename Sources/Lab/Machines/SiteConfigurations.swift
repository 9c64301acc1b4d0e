public import Cluster
import Glibc

/// The configurations of a site, for use on real machines.
public enum SiteConfigurations {
  /// Writes them into a directory, which is made where it is not there.
  ///
  /// - Parameter replacing: whether it may have something in it already; what is not written anew stays.
  /// - Returns: the paths of the files, each below the directory, in the order in which they were written.
  /// - Throws: what the layout does not say, or why something cannot be written; then nothing was, or some of it.
  public static func write(
    _ layout: Layout, to path: String, replacing: Bool
  ) throws(LabError) -> [String] {
    // All of it is worked out before anything is written.
    let files = try SitePlan(machines: layout).machineFiles().map(\.file)
    try makeDirectories(path)
    if !replacing, !isEmpty(path) { throw .notEmpty(path: path) }
    let directory = LabDirectory(path: path, directoryMode: 0o755)
    for file in files { try directory.write(file) }
    return files.map(\.name)
  }

  private static func makeDirectories(_ path: String) throws(LabError) {
    var parent = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      parent += (parent.isEmpty || parent.hasSuffix("/") ? "" : "/") + part
      if mkdir(parent, 0o755) != 0, errno != EEXIST, errno != EISDIR {
        throw .cannotWrite(path: parent, errno: errno)
      }
    }
  }

  /// A path that is no directory, or cannot be read, is none that may be written to unasked.
  private static func isEmpty(_ path: String) -> Bool { FileNames.all(in: path)?.isEmpty ?? false }
}
