import Cluster

extension ReadFailure {
  /// Whether nobody has answered, so that to ask again soon troubles nobody; whoever answers, and does not like
  /// what is asked, would rather not hear it again and again.
  var isSilence: Bool {
    switch self {
    case .refused, .missing, .timedOut(_, received: 0), .notWritten, .nothingSent: true
    case .system(_, let doing): doing == "connect"
    case .accessDenied, .unresolved, .timedOut, .truncated, .tooLarge, .denied, .http, .transfer, .malformed,
      .tunnel, .secretMissing, .unsuited, .login, .command, .onlyAPage:
      false
    }
  }
}
