import Cluster
import Wire

extension ReadFailure {
  /// Without what only the people of the site should know: where a secret is kept, and what ssh said of
  /// accounts and hosts.
  var shareable: ReadFailure {
    switch self {
    case .secretMissing: .secretMissing(name: "")
    case .tunnel: .tunnel(words: "")
    case .login: .login(words: "")
    default: self
    }
  }

  var isShareable: Bool { shareable == self }
}

extension Frame {
  /// The same without what failures say that is not to be told.
  var shareable: Frame {
    var copy = self
    for place in readings.indices {
      if case .failure(let failure) = readings[place].outcome {
        copy.readings[place].outcome = .failure(failure.shareable)
      }
    }
    return copy
  }
}

extension EventLine {
  /// The line without what failures say that is not to be told: they may stand anywhere in it, in the reason of
  /// a state too.
  static func shareable(_ line: String) -> String {
    guard var fields = try? LogfmtLine(parsing: line) else { return line }
    for field in fields.fields {
      switch field.value {
      case "secret-missing" where fields[field.key + ".name"] != nil: fields[field.key + ".name"] = ""
      case "tunnel" where fields[field.key + ".words"] != nil,
        "login" where fields[field.key + ".words"] != nil:
        fields[field.key + ".words"] = ""
      default: break
      }
    }
    return fields.text
  }

  /// A line from elsewhere, with nothing in it that a terminal would obey.
  static func sanitised(_ line: String) -> String? {
    guard var fields = try? LogfmtLine(parsing: line) else { return nil }
    for field in fields.fields { fields[field.key] = printable(field.value) }
    return fields.text
  }
}
