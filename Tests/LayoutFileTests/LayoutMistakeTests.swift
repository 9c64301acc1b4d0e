import Cluster
import LayoutFile
import Testing

struct LayoutMistakeTests {
  /// The lines that a layout's mistakes give, without the file's name.
  func lines(_ text: String) -> [String] {
    do {
      _ = try LayoutFile.layout(from: Array(text.utf8))
      return []
    } catch {
      return error.wording(in: "f").map { String($0.dropFirst(2)) }
    }
  }

  /// A good layout whose only node has these keys besides.
  func node(_ keys: String) -> String {
    """
    cluster: c
    tiers:
      - tier: web
        nodes:
          - { node: web1 }
          - { node: web2, \(keys) }
    """
  }

  /// A good layout with this line at its end, the seventh.
  func layout(_ line: String) -> String {
    """
    cluster: c
    tiers:
      - tier: lb
        nodes: [{ node: lb1 }]
      - tier: web
        nodes: [{ node: web1, role: primary }, { node: web2 }]
    \(line)
    """
  }

  @Test(arguments: [
    (#"adress: "10.0.0.1:80""#, #"6:23: found the key "adress""#, #"(did you mean "address"?)"#),
    (#"node: web3"#, #"6:23: found the key "node" again"#, "first at 6:11"),
    (#"address: web1"#, #"6:32: found "web1""#, "10.77.2.11:80"),
    (#"address: "10.0.0.256:80""#, #"6:32: found "10.0.0.256:80""#, "numeric address with a port"),
    (#"address: 10.0.0.1:99999"#, #"6:32: found "10.0.0.1:99999""#, "a port from 1 to 65535"),
    (#"address: [10.0.0.1]"#, "6:32: found a list", "numeric address"),
    (#"address: "#, "6:33: found nothing", "numeric address"),
    (#"haproxy: run/a.sock"#, #"6:32: found "run/a.sock""#, "an absolute socket path"),
    (#"haproxy: "tcp://10.0.0.1""#, "6:32: found", "the port is missing"),
    (#"haproxy: "ftp://10.0.0.1/""#, "6:32: found", "does not begin like"),
    (#"haproxy: /run/a"#, "", ""),
    (#"nginx: /run/a.sock"#, "6:30: found", "http://host:port/page"),
    (#"nginx: "http+unix:///run/a.sock""#, "6:30: found", "the page is missing"),
    (#"nginx: "http://h/a b""#, "6:30: found", "the page is missing, or holds"),
    (#"nginx: "http://[::1/""#, "6:30: found", "the host is missing"),
    (#"nginx: { url: "http://h/", password: hunter2 }"#, #"6:50: found the key "password""#, "password_env"),
    (#"nginx: { url: "http://h/", user: ops }"#, "6:30: found a mapping", "one of password_env"),
    (#"nginx: { user: ops, password_env: A }"#, #"6:30: found no "url""#, "a page with credentials"),
    (#"nginx: { url: "http://h/", user: ops, password_env: 1x }"#, "6:75: found another text", "environment"),
    (#"via: "ssh://-oProxyCommand=evil""#, "6:28: found", "the host is missing, or is not a plain name"),
    (#"via: "ssh://-l@host""#, "6:28: found", "the user is not a plain name"),
    (#"via: "ssh://h;reboot""#, "6:28: found", "not a plain name"),
    (#"via: "ssh://h\nost""#, #"6:28: found "ssh://h␊ost""#, "not a plain name"),
    (#"via: web2"#, "6:28: found", "ssh://[user@]host[:port]"),
    (#"role: replica"#, "6:29: found a replica without", "of: NODE"),
    (#"role: replic"#, #"6:29: found "replic""#, #"(did you mean "replica"?)"#),
    (#"role: replica, of: web1"#, "6:42: ", "expected a node with role: primary"),
    (#"role: replica, of: web2"#, "6:42: ", "expected a node with role: primary"),
    (#"role: replica, of: wbe1"#, #"6:42: found "wbe1""#, #"(did you mean "web1"?)"#),
    (#"of: web1"#, #"6:27: found "of""#, "role: replica"),
    (#"runs: ngnix"#, #"6:29: found "ngnix""#, #"(did you mean "nginx"?)"#),
    (#"keepalived: here"#, "6:35: found", "an absolute path"),
    (#"via: "netns:web1""#, "6:28: found", "netns:/path"),
    (#"uwsgi: "udp://h:1""#, "6:30: found", "an absolute socket path, tcp://host:port"),
    (#"gunicorn: "tcp://h:1""#, "6:33: found", "udp://host:port"),
    (#"php_fpm: "fcgi://h:9000""#, "6:32: found", "the page is missing"),
    (#"php_fpm: "fcgi+unix://run/a:/s""#, "6:32: found", "the socket's path is not absolute"),
    (#"mariadb: "tcp://user@h:3306""#, "6:32: found a user or password", "password_env"),
    (#"mariadb: { url: "tcp://h:3306", user: u }"#, "6:32: found a mapping", "one of password_env"),
    (#"mariadb: { url: "tcp://h:3306", password: x }"#, #"6:55: found the key "password""#, "password_env"),
    (#"postgresql: "tcp://h""#, "6:35: found", "the port is missing"),
    (#"metrics: { url: "http://h/m", requests: "a b" }"#, "6:63: found", "the name of a metric"),
    (#"host: h"#, "6:29: found", "http://host:port/page"),
  ])
  func aMistakeInANodeIsShownInItsPlace(keys: String, beginning: String, end: String) {
    let lines = lines(node(keys))
    guard !beginning.isEmpty else {
      #expect(lines == [])
      return
    }
    #expect(lines.count == 1, "\(lines)")
    #expect(lines.first?.hasPrefix(beginning) == true, "\(lines)")
    #expect(lines.first?.contains(end) == true, "\(lines)")
  }

  @Test(arguments: [
    ("intervall: 1s", #"7:1: found the key "intervall""#, #"(did you mean "interval"?)"#),
    ("cluster: d", #"7:1: found the key "cluster" again"#, "first at 1:1"),
    ("interval: 1", #"7:11: found "1""#, "from 100ms to 1h"),
    ("interval: 10ms", #"7:11: found "10ms""#, "from 100ms to 1h"),
    ("interval: 2h", #"7:11: found "2h""#, "from 100ms to 1h"),
    ("interval: 1 s", #"7:11: found "1 s""#, "a duration"),
    ("interval: -1s", #"7:11: found "-1s""#, "a duration"),
    ("interval: 99999999999999999999s", #"7:11: found "9999"#, "a duration"),
    ("entry: { vip: lb }", #"7:15: found "lb""#, "a numeric address"),
    ("entry: { vip: [10.0.0.1, 10.0.0] }", #"7:26: found "10.0.0""#, "a numeric address"),
    ("entry: { vip: [] }", "7:15: found a list", "with at least one"),
    (#"entry: { dns: "a b" }"#, #"7:15: found "a b""#, "a host name"),
    ("entry: www", #"7:8: found "www""#, "the keys dns, resolver, vip"),
    ("firewalls: [{ between: [lb, wbe], allow: [80/tcp] }]", #"7:29: found "wbe""#, #"mean "web"?"#),
    ("firewalls: [{ between: [lb, lb], allow: [80/tcp] }]", "7:29: found the tier", "two different tiers"),
    ("firewalls: [{ between: [lb], allow: [80/tcp] }]", "7:24: found a list", "the names of two tiers"),
    ("firewalls: [{ between: [lb, web], allow: [80] }]", #"7:43: found "80""#, "80/tcp"),
    ("firewalls: [{ between: [lb, web], allow: [0/tcp] }]", #"7:43: found "0/tcp""#, "80/tcp"),
    ("firewalls: [{ between: [lb, web], allow: 80/tcp }]", "7:42: found", "a list of ports"),
    ("firewalls: [{ between: [lb, web] }]", #"7:13: found no "allow""#, "a firewall"),
    ("drain: { keep_up: -1 }", #"7:19: found "-1""#, "a whole number from 0"),
    ("drain: { keep_up: 1.5 }", #"7:19: found "1.5""#, "a whole number"),
    ("drain: { keep_up: 99999999999999999999 }", "7:19: found", "a whole number"),
    ("drain: { hold: yes }", #"7:16: found "yes""#, "one of true, false"),
    ("drain: { hold: }", "7:16: found nothing", "one of true, false"),
    ("drain: { hodl: true }", #"7:10: found the key "hodl""#, #"(did you mean "hold"?)"#),
    ("audit: var/log/audit.log", #"7:8: found "var/log/audit.log""#, "the absolute path of a file"),
    ("audit: /var/log/", #"7:8: found "/var/log/""#, "the absolute path of a file"),
    (#"audit: "/var/log/a\nb""#, #"7:8: found "/var/log/a␊b""#, "the absolute path of a file"),
    ("audit: sylog", #"7:8: found "sylog""#, #"(did you mean "syslog"?)"#),
    ("audit: [syslog, file]", #"7:17: found "file""#, "syslog, or the absolute path"),
    ("audit: []", "7:8: found a list", "with at least one"),
    ("audit: ", "7:7: found nothing", "syslog, or the absolute path"),
    ("audit: { file: /a }", "7:8: found a mapping", "with at least one"),
    ("audit: [[syslog]]", "7:9: found a list", "syslog, or the absolute path"),
    ("audit: [syslog, /a, /b, /a]", #"7:25: found "/a" again"#, "first at 7:17"),
    ("audit: [syslog, syslog]", #"7:17: found "syslog" again"#, "first at 7:9"),
    ("health: { error_rate: 2 }", #"7:23: found "2""#, "a share from 0 to 1"),
    ("health: { error_rate: 101% }", #"7:23: found "101%""#, "a share from 0 to 1"),
    ("health: { error_rate: nan }", #"7:23: found "nan""#, "a share"),
    ("health: { error_rate: 1e-3 }", #"7:23: found "1e-3""#, "a share"),
    ("health: { error_rate: 0.0000001 }", "7:23: found", "six decimals"),
    ("health: { objective: 100% }", #"7:22: found "100%""#, "a share from 0.5 to 0.999999"),
    (#"health: { objective: "99,9%" }"#, #"7:22: found "99,9%""#, "a share from 0.5"),
    ("health: { objective: 0.1 }", #"7:22: found "0.1""#, "a share from 0.5"),
    ("health: { objetcive: 99% }", #"7:11: found the key "objetcive""#, #"(did you mean "objective"?)"#),
    ("health: { tiers: { web: { objective: 99% } } }", "7:27: found the key", "a tier's or node's health"),
    ("health: { tiers: { wbe: { queue: 1 } } }", #"7:20: found "wbe""#, #"mean "web"?"#),
    ("health: { nodes: { web3: { queue: 1 } } }", #"7:20: found "web3""#, #"mean "web1"?"#),
    ("health: { nodes: { web1: 3 } }", #"7:26: found "3""#, "the keys error_rate"),
    ("screen: { view: tabel }", #"7:17: found "tabel""#, #"mean "table"?"#),
    ("screen: { theme: color-blind }", #"7:18: found "color-blind""#, #"mean "colour-blind"?"#),
    ("screen: { columns: [qps, qps] }", "7:26: found the column", "first at 7:21"),
    ("screen: { columns: [QPS] }", #"7:21: found "QPS""#, #"mean "qps"?"#),
    ("history: of", #"7:10: found "of""#, #"mean "off"?"#),
    ("history: [7d]", "7:10: found a list", "expected a mapping: the history"),
    ("history: { kep: 7d }", "7:12: ", #"mean "keep"?"#),
    ("history: { keep: 7 }", #"7:18: found "7""#, "a duration from 10m to 10y"),
    ("history: { keep: 1m }", #"7:18: found "1m""#, "a duration from 10m to 10y"),
    ("history: { size: 2 GB }", #"7:18: found "2 GB""#, "a size from 16MB to 1000GB, such as 500MB"),
    ("history: { size: 1MB }", #"7:18: found "1MB""#, "a size from 16MB to 1000GB"),
    ("screen: *all", "7:9: found a YAML alias", "no aliases"),
    ("screen: &all { view: map }", "7:9: found a YAML anchor", "no aliases"),
    ("interval: !!str 1s", "7:11: found a YAML tag", "without one"),
    ("? [a, b]\n: c", "7:3: found a mapping or a list as a key", "a word"),
    ("---\nsecond: 1", "8:1: found a second document", "one layout"),
  ])
  func aMistakeInALayoutIsShownInItsPlace(line: String, beginning: String, end: String) {
    let lines = lines(layout(line))
    #expect(lines.count == 1, "\(lines)")
    #expect(lines.first?.hasPrefix(beginning) == true, "\(lines)")
    #expect(lines.first?.contains(end) == true, "\(lines)")
  }

  @Test func whatIsThereTwiceSaysWhereItWasFirst() {
    let lines = lines(
      """
      cluster: c
      tiers:
        - tier: web
          nodes:
            - { node: a, address: "[::ffff:10.0.0.1]:80" }
            - { node: b, address: "10.0.0.1:80" }
        - tier: web
          nodes:
            - { node: a, address: "10.0.0.1:80" }
      firewalls: []
      """)
    #expect(
      lines == [
        #"6:29: found the address 10.0.0.1:80 again, expected one of its own (it is "a"'s, at 5:29)"#,
        #"7:11: found the tier "web" again, expected a name of its own (first at 3:11)"#,
        #"9:17: found the node "a" again, expected a name unique in the cluster (first at 5:17)"#,
      ])
  }

  @Test func twoNodesBehindOneEndpointWouldCountTwice() {
    let lines = lines(
      """
      cluster: c
      tiers:
        - tier: lb
          nodes:
            - { node: a, haproxy: /run/a.sock }
            - { node: b, haproxy: /run/a.sock }
            - { node: c, haproxy: /run/a.sock, via: "ssh://c" }
            - { node: d, haproxy: "http://h/stats" }
            - { node: e, haproxy: "http://h/stats;csv", nginx: "http://h/stats" }
      """)
    #expect(
      lines == [
        #"6:29: found "/run/a.sock" again, expected what is this node's own (first at 5:29)"#,
        #"9:29: found "http://h/stats;csv" again, expected what is this node's own (first at 8:29)"#,
      ])
  }

  @Test func twoFirewallsBetweenTheSameTiersAreOneTooMany() {
    let wall = "  - { between: [lb, web], allow: [80/tcp] }"
    #expect(
      lines(layout("firewalls:\n\(wall)\n\(wall)")) == [
        "9:5: found a second firewall between the same tiers, expected one (first at 8:5)"
      ])
  }

  @Test func everyMistakeIsReportedAtOnceInTheOrderOfTheFile() {
    let lines = lines(
      """
      intervall: 1s
      tiers:
        - nodes: []
        - tier: "a b"
          mode: both
        - web
        - { tier: web, nodes: [{}, { node: n, of: x }] }
      firewalls: { }
      drain: []
      health: { tiers: { app: {} } }
      """)
    let places = lines.map { $0.prefix { $0 != " " } }
    #expect(
      places == [
        "1:1:", "1:1:", "3:5:", "3:12:", "4:5:", "4:11:", "5:11:", "6:5:", "7:26:", "7:45:", "8:12:", "9:8:",
        "10:20:",
      ], "\(lines.joined(separator: "\n"))")
  }

  @Test(arguments: [
    "http://ops:hunter2@10.0.0.1/stats", "https://hunter2@10.0.0.1/", "tcp://ops:hunter2@10.0.0.1:9",
    "htp://ops:hunter2@10.0.0.1/stats", "hunter2@10.0.0.1",
  ])
  func aSecretInAURLIsRefusedAndNotShown(url: String) {
    for key in ["haproxy", "nginx", "via"] {
      let lines = lines(node("\(key): \"\(url)\""))
      #expect(lines.count == 1)
      #expect(!lines.joined().contains("hunter2"), "\(lines)")
    }
    let refused = lines(node(#"haproxy: "http://ops:hunter2@10.0.0.1/""#))
    #expect(refused.first?.contains("a secret is never in a layout") == true)
    #expect(refused.first?.contains("password_env: VARIABLE") == true)
  }

  @Test(arguments: [
    "\"\"", "\" a\"", "\"a b\"", "\"a\\u202eb\"", "\"a\\e[31m\"", "\"a\\0\"", "\"a\\u200bb\"", "~", "null",
    String(repeating: "é", count: 33),
  ])
  func aNameThatCannotBeSeenIsRefused(name: String) {
    let lines = lines("cluster: c\ntiers: [{ tier: t, nodes: [{ node: \(name) }] }]")
    #expect(lines.count == 1)
    #expect(lines.allSatisfy { $0.hasPrefix("2:36: found") && printable($0) == $0 }, "\(lines)")
  }

  @Test func aLongTextIsCut() {
    let lines = lines(
      "cluster: \(String(repeating: "x", count: 5000))\ntiers: [{ tier: t, nodes: [{ node: n }] }]")
    #expect(lines.count == 1)
    #expect(lines[0].hasPrefix("1:10: found \"\(String(repeating: "x", count: 40))…\", expected"))
    #expect(lines[0].count < 200)
  }
}
