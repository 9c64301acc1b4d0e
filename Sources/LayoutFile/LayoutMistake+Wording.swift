import Cluster

extension LayoutMistake {
  /// `file:line:column: found …, expected … (did you mean …?)`, for one line of text.
  public func wording(in file: String) -> String {
    "\(printable(file)):\(place.line):\(place.column): \(fact.wording)"
  }
}

extension LayoutMistake.Fact {
  var wording: String {
    switch self {
    case .value(let found, let expected, let near):
      "found \(found.wording), expected \(expected.wording)" + didYouMean(near)
    case .unknownKey(let key, let section, let near):
      "found the key \(quoted(key)), expected a key of \(section.wording): \(section.keyList)"
        + didYouMean(near)
    case .secretKey(let key):
      "found the key \(quoted(key)), expected password_env: VARIABLE or password_file: /path"
        + " (a secret is never in a layout)"
    case .secretInURL(let url):
      "found a user or password in \(quoted(url)), expected { url: …, user: NAME, password_env: VARIABLE }"
        + " or password_file: /path (a secret is never in a layout)"
    case .duplicateKey(let key, let first):
      "found the key \(quoted(key)) again, expected it once (first at \(first.wording))"
    case .missingKey(let key, let section):
      "found no \(quoted(key)), expected it in \(section.wording)"
    case .duplicateTier(let name, let first):
      "found the tier \(quoted(name)) again, expected a name of its own (first at \(first.wording))"
    case .duplicateNode(let name, let first):
      "found the node \(quoted(name)) again, expected a name unique in the cluster (first at \(first.wording))"
    case .duplicateAddress(let address, let node, let first):
      "found the address \(address) again, expected one of its own (it is \(quoted(node))'s, at \(first.wording))"
    case .duplicateEndpoint(let endpoint, let first):
      "found \(quoted(endpoint)) again, expected what is this node's own (first at \(first.wording))"
    case .duplicateColumn(let name, let first):
      "found the column \(quoted(name)) again, expected it once (first at \(first.wording))"
    case .duplicateFirewall(let first):
      "found a second firewall between the same tiers, expected one (first at \(first.wording))"
    case .duplicateAudit(let place, let first):
      "found \(quoted(place)) again, expected each place once (first at \(first.wording))"
    case .firewallWithinTier(let name):
      "found the tier \(quoted(name)) on both sides, expected a firewall between two different tiers"
    case .unknownTier(let name, let near):
      "found \(quoted(name)), expected the name of a tier of this layout" + didYouMean(near)
    case .unknownNode(let name, let near):
      "found \(quoted(name)), expected the name of a node of this layout" + didYouMean(near)
    case .replicaWithoutPrimary: #"found a replica without "of", expected of: NODE, the primary it follows"#
    case .primaryOfNoReplica: #"found "of" on a node that is no replica, expected role: replica beside it"#
    case .notAPrimary(let name): "found \(quoted(name)), expected a node with role: primary"
    case .refused(let refusal): refusal.wording
    }
  }
}

extension LayoutMistake.Found {
  fileprivate var wording: String {
    switch self {
    case .text(let text): quoted(text)
    case .nothing: "nothing"
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .hidden: "another text"
    }
  }
}

extension Expectation {
  var wording: String {
    switch self {
    case .mapping(let section): "a mapping: \(section.wording), with the keys \(section.keyList)"
    case .list(let items): "a list of \(items), with at least one in it"
    case .twoTiers: "the names of two tiers, such as [lb, web]"
    case .name(let spaces): "a name of visible characters\(spaces ? "" : " without spaces"), at most 64 bytes"
    case .oneOf(let words): "one of " + words.joined(separator: ", ")
    case .duration(let range):
      "a duration from \(range.lowerBound.longText) to \(range.upperBound.longText), such as 1s or 500ms"
    case .count(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .share: #"a share from 0 to 1 with at most six decimals, such as 0.02 or "2%""#
    case .objective: #"a share from 0.5 to 0.999999, such as "99.9%""#
    case .hostName: "a host name, such as www.example.com"
    case .address: "a numeric address with a port, such as 10.77.2.11:80 or \"[2001:db8::1]:80\""
    case .portOfAddress: "a port from 1 to 65535 after the address"
    case .virtualAddress: "a numeric address, such as 10.77.1.100, with or without a port"
    case .portAndTransport: "a port and a transport, such as 80/tcp or 53/udp"
    case .endpoint(let system, let fault): "\(system.places); \(fault.wording)"
    case .passage(let fault):
      "ssh://[user@]host[:port], or netns:/path of a network namespace; " + fault.wording
    case .absolutePath: "an absolute path, such as /run/keepalived/lb1"
    case .size(let range):
      "a size from \(range.lowerBound.sizeText) to \(range.upperBound.sizeText), such as 500MB or 2GB"
    case .history: "off, or a mapping: the history, with the keys \(LayoutMistake.Section.history.keyList)"
    case .auditTarget: "syslog, or the absolute path of a file, such as /var/log/tiertop/audit.log"
    case .environmentVariable: "the name of an environment variable, such as HAPROXY_PASSWORD"
    case .metric: #"the name of a metric, such as http_requests_total or "http_requests_total{code=\"500\"}""#
    case .table: "the family and the name of a table of nftables, such as inet tiertop"
    case .port: "a port from 1 to 65535"
    case .onePassword: "user together with one of password_env and password_file"
    }
  }
}

extension EndpointFault {
  fileprivate var wording: String {
    switch self {
    case .scheme: "it does not begin like one of these"
    case .host: "the host is missing, or is not a plain name or address"
    case .port: "the port is missing, or is not from 1 to 65535"
    case .path: "the socket's path is not absolute, is too long (107 bytes), or cannot be shown"
    case .page: "the page is missing, or holds characters that no URL has"
    case .secret: "a secret is never in a layout"
    case .user: "the user is not a plain name"
    }
  }
}

extension Source.System {
  /// The places where it can be asked, as a layout writes them.
  fileprivate var places: String {
    switch self {
    case .haproxy:
      "an absolute socket path, tcp://host:port, or the URL of the stats page (http://, https://)"
    case .keepalived: "an absolute path, such as /run/keepalived/lb1"
    case .nginx, .apache, .metrics, .host: "http://host:port/page, https://… or http+unix:///path.sock:/page"
    case .gunicorn: "udp://host:port, where tiertop listens for its statsd lines"
    case .uwsgi: "an absolute socket path, tcp://host:port or http://host:port"
    case .phpFPM: "fcgi://host:port/page, fcgi+unix:///path.sock:/page or http://host:port/page"
    case .mariadb, .mysql, .postgresql: "an absolute socket path or tcp://host:port"
    case .dns, .vip, .firewall, .path: "nothing"
    }
  }
}

extension LayoutMistake.Section {
  fileprivate var keyList: String {
    switch self {
    case .healthOfTiers: "the names of tiers"
    case .healthOfNodes: "the names of nodes"
    default: keys.joined(separator: ", ")
    }
  }

  fileprivate var wording: String {
    switch self {
    case .layout: "a layout"
    case .entry: "the entry"
    case .tier: "a tier"
    case .node: "a node"
    case .page: "a page with credentials"
    case .metrics: "a page of metrics"
    case .database: "a database server with credentials"
    case .nftables: "the firewall's counters"
    case .firewall: "a firewall"
    case .drain: "drain"
    case .health: "health"
    case .limits: "a tier's or node's health"
    case .healthOfTiers: "the health of tiers"
    case .healthOfNodes: "the health of nodes"
    case .screen: "the screen"
    case .history: "the history"
    }
  }
}

extension YAMLRefusal {
  fileprivate var wording: String {
    switch self {
    case .alias: "found a YAML alias (*), expected the value itself: layouts have no aliases"
    case .anchor: "found a YAML anchor (&), expected a value without one: layouts have no aliases"
    case .tag: "found a YAML tag (!), expected a value without one (a text that begins with ! needs quotes)"
    case .secondDocument: "found a second document, expected one layout in a file"
    case .complexKey: "found a mapping or a list as a key, expected a word"
    }
  }
}

extension Place {
  var wording: String { "\(line):\(column)" }
}

private func quoted(_ text: String) -> String { "\"\(text)\"" }

private func didYouMean(_ word: String?) -> String {
  word.map { " (did you mean \(quoted($0))?)" } ?? ""
}
