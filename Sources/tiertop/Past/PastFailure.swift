import Cluster
import History

/// Why there is no past to be shown.
enum PastFailure: Error {
  /// No program has recorded the cluster in any of the places where its record would be.
  case noRecord(cluster: String, looked: [Place])
  case store(StoreFailure)
  /// A file of a saved stretch cannot be read, or not be written.
  case export(ExportFailure)

  /// A place where a record might be, and may not be read.
  struct Place {
    var path: String
    /// The record may be there: the system does not let this user see.
    var isForbidden: Bool
  }

  /// What is wrong, and where it was looked; sanitised.
  var words: String {
    switch self {
    case .store(let failure): return failure.words
    case .export(let failure): return failure.words
    case .noRecord(let cluster, let looked):
      let places = looked.map { place in
        "  \(printable(place.path))" + (place.isForbidden ? " (permission denied)" : "")
      }
      return """
        nothing has been recorded of \(printable(cluster)), or not here. Looked for
        \(places.joined(separator: "\n"))
        tiertop agent records it; so does the dashboard. --store PATH names another place.
        """
    }
  }
}
