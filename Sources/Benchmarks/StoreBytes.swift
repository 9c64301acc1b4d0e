import Cluster
import History

/// What a figure costs at rest in any store, everything counted: the size of its file, by the figures that
/// sources reported in the frames that it holds.
enum StoreBytes {
  static func run(_ paths: ArraySlice<String>) {
    if paths.isEmpty { print("bytes needs the path of a store") }
    for path in paths {
      do { try count(path) } catch { print("  failed: \(error)") }
    }
  }

  private static func count(_ path: String) throws(StoreFailure) {
    let timeline = try Timeline(path: path)
    guard let span = try timeline.span() else {
      print("\(path): nothing is recorded in it")
      return
    }
    var entropy = ColumnEntropy()
    var (frames, figures) = (0, 0)
    var place = span.first
    while place <= span.last {
      for recorded in try timeline.frames(in: place...min(span.last, place + 255)) {
        frames += 1
        entropy.add(recorded.frame)
        figures += entropy.reported
      }
      place += 256
    }
    // What is in the log yet is in no place of the file, or in one that is written over.
    let size = ProcessFigures.fileSize(path)
    let log = ProcessFigures.fileSize(path + "-wal")
    let (perFrame, count) = (Double(size) / Double(max(1, frames)), Double(max(1, figures)))
    print("\(path): \(size) bytes, and \(log) in the log; \(frames) frames, \(figures) figures reported")
    print("  \(threePlaces(Double(size) / count)) bytes a figure, \(Int(perFrame)) a frame")
    print("  \(threePlaces(perFrame / max(1, entropy.changed))) bytes a changed figure,")
    print("    \(twoPlaces(entropy.changed)) of them a frame")
    print(
      "  entropy of the figures alone: \(threePlaces(entropy.bits / 8)) bytes a frame, each column for itself"
    )
  }
}
