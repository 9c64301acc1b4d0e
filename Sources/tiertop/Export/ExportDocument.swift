import Cluster
import History
import Wire

/// The JSON of `tiertop export`; described in docs/json.md.
struct ExportDocument {
  static let version: Int64 = 1

  let cluster: String
  let file: String
  let summary: StoreExport.Summary

  /// Writes the document as one line.
  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("version", Self.version)
      json.member("cluster", cluster)
      json.member("file", file)
      json.write(summary.span)
      for (key, value) in [
        ("frames", summary.frames), ("lost", summary.lost), ("events", summary.events),
        ("gaps", summary.gaps), ("bytes", summary.bytes),
      ] {
        json.member(key, Int64(value))
      }
    }
    json.endLine()
  }
}
