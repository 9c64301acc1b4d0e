import Cluster
import Glibc

extension LayoutFileError {
  /// What to tell a person, one line of text for each mistake.
  public func wording(in file: String) -> [String] {
    let name = printable(file)
    switch self {
    case .unreadable(let code): return ["\(name): \(systemWording(code))"]
    case .notAFile(.directory): return ["\(name): found a directory, expected a layout file"]
    case .notAFile(.device): return ["\(name): found a device, expected a layout file"]
    case .notAFile(.socket): return ["\(name): found a socket, expected a layout file"]
    case .tooLarge(let limit): return ["\(name): not a layout: larger than \(limit / 1024) KiB"]
    case .unfinished(let time): return ["\(name): a pipe that nobody finished within \(time.layoutText)"]
    case .notYAML(let fault): return [fault.wording(in: name)]
    case .notALayout(let place):
      return [
        "\(name):\(place.wording): not a layout: expected a mapping with the keys cluster and tiers"
          + " (its content is not shown)"
      ]
    case .mistakes(let mistakes): return mistakes.map { $0.wording(in: file) }
    }
  }
}

extension YAMLFault {
  fileprivate func wording(in name: String) -> String {
    switch self {
    case .syntax(let doing, let problem, let place):
      "\(name):\(place.wording): not a layout: not YAML: \(problem)" + (doing.isEmpty ? "" : " \(doing)")
        + #" (a text with [ ] { } or ": " in it needs quotes)"#
    case .tab(let place):
      "\(name):\(place.wording): not a layout: not YAML: found a tab, expected spaces"
    case .tooDeep(let limit, let place):
      "\(name):\(place.wording): not a layout: nested deeper than \(limit) levels"
    case .tooManyNodes(let limit, let place):
      "\(name):\(place.wording): not a layout: more than \(limit) values"
    case .empty: "\(name):1:1: not a layout: found nothing, expected the keys cluster and tiers"
    }
  }
}

private func systemWording(_ code: Int32) -> String {
  switch code {
  case ENOENT: "no such file"
  case EACCES, EPERM: "permission denied"
  case ENOTDIR: "a part of the path is no directory"
  case ELOOP: "too many symbolic links"
  case ENAMETOOLONG: "the name is too long"
  default: "cannot be read: system error \(code)"
  }
}
