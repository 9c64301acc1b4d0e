import Cluster
import Dashboard
import History
import Platform

extension ExportFailure {
  /// What is wrong, and what to do about it; one line.
  var words: String {
    switch self {
    case .missing(let path): "there is no file \(printable(path))"
    case .exists(let path): "\(printable(path)) is there already: it was left as it is"
    case .notAFile(let path): "\(printable(path)) is not a file"
    case .foreign(let path): "\(printable(path)) is no stretch that tiertop has saved"
    case .newer(let path, let version, let known):
      "\(printable(path)) was made by a newer tiertop (format \(version), this one reads up to \(known))"
    case .cut(let path, _, nil):
      "\(printable(path)) ends before it begins: it was cut off; have it sent again"
    case .cut(let path, let chunks, let all?):
      "\(printable(path)) ends after \(chunks) of \(all) chunks: it was cut off; have it sent again"
    case .damaged(let path, let what, let place):
      "\(printable(path)) is not what was saved (\(printable(what)), at byte \(place)): have it sent again"
    case .tooMuch(let path, let what):
      "\(printable(path)) says that it has more than there can be (\(printable(what))): it is not read"
    case .tooLong(let what):
      "that stretch has more than a file may have (\(printable(what))): save a shorter one"
    case .nothing: "nothing was recorded in that stretch"
    case .full(let path): "there is no room left for \(printable(path)) (df shows where)"
    case .system(let path, let error): "\(printable(path)): \(error.doing): \(error.words)"
    case .store(let failure): failure.words
    }
  }
}

extension StoreExport.Summary {
  /// What was saved: `15m, 900 frames, 12 events, 1 gap, 240 kB`.
  var words: String {
    var parts = [Figures.span(span.length), counted(frames, "frame"), counted(events, "event")]
    if gaps > 0 { parts.append(counted(gaps, "gap")) }
    if lost > 0 { parts.append("\(lost) that could not be read") }
    parts.append(size)
    return parts.joined(separator: ", ")
  }

  private func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

  private var size: String {
    if bytes < 10_000 { return "\(bytes) bytes" }
    if bytes < 10_000_000 { return "\((bytes + 500) / 1000) kB" }
    return "\((bytes + 500_000) / 1_000_000) MB"
  }
}
