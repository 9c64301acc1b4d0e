import Cluster

extension HTTPEndpoint {
  /// The host in the URL, without port and brackets.
  var host: String {
    let authority = afterScheme.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if authority.first == "[" { return String(authority.dropFirst().prefix { $0 != "]" }) }
    return String(authority.prefix { $0 != ":" })
  }

  /// The port in the URL, or the scheme's.
  var port: UInt16 {
    let authority = afterScheme.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let afterHost = authority.first == "[" ? authority.drop { $0 != "]" } : authority[...]
    if let colon = afterHost.lastIndex(of: ":"), let port = UInt16(afterHost[colon...].dropFirst()) {
      return port
    }
    return url.hasPrefix("https:") ? 443 : 80
  }

  /// The same page as HAProxy's table of figures: `;csv` at its end, unless it is there already.
  var asStatisticsTable: HTTPEndpoint {
    if url.split(separator: ";").dropFirst().contains(where: { $0.hasPrefix("csv") }) { return self }
    var table = self
    // `http://host` has no path yet, and the host would swallow it.
    table.url = url + (afterScheme.contains("/") ? ";csv" : "/;csv")
    return table
  }

  private var afterScheme: Substring {
    guard let colon = url.firstIndex(of: ":") else { return url[...] }
    return url[colon...].dropFirst().drop { $0 == "/" }
  }
}
