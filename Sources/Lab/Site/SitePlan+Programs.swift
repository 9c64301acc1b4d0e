import Cluster

/// One program of a site, and where it is run.
struct SiteProgram: Sendable, Hashable {
  /// What a node is without it: nothing, or a node all the same.
  enum Part: String, Sendable, Hashable {
    case main, keepalived, exporter, fault, holder
  }

  /// The namespace: the node's name.
  var node: String
  var part: Part = .main
  /// As it is called in PATH.
  var program: String
  var arguments: [String]
  /// Its directory, and that of its log.
  var home: String

  /// The program that makes it what it is, also where another one starts it.
  var runs: String {
    program == "unshare" ? arguments[SitePlan.plainUser.count] : program
  }

  /// What it is called in words, and by which it is found again: `lb1`, `lb1's keepalived`.
  var name: String { part == .main ? node : "\(node)'s \(part.rawValue)" }

  var command: LabCommand {
    LabCommand(name: name, program: program, arguments: arguments, home: home, node: node)
  }
}

extension SitePlan {
  /// All programs of a node, the one that makes it what it is first.
  func programs(of node: Node) -> [SiteProgram] {
    let home = home(of: node)
    func main(_ program: String, _ arguments: [String]) -> SiteProgram {
      SiteProgram(node: node.name, program: program, arguments: arguments, home: home)
    }
    var programs: [SiteProgram]
    switch node.program {
    case .haproxy:
      programs = [main("haproxy", ["-db", "-f", home + "/haproxy.cfg"])]
      if !virtualAddresses.isEmpty {
        let own = keepalivedHome(of: node)
        programs.append(
          SiteProgram(
            node: node.name, part: .keepalived, program: "keepalived",
            arguments: [
              "--vrrp", "-n", "-l", "-f", own + "/keepalived.conf", "-p", own + "/keepalived.pid", "-r",
              own + "/vrrp.pid",
            ], home: own))
      }
    case .nginx: programs = [main("nginx", ["-p", home + "/", "-c", home + "/nginx.conf"])]
    case .apache:
      programs = [
        main("unshare", Self.plainUser + ["apache2", "-D", "FOREGROUND", "-f", home + "/apache.conf"])
      ]
    case .uwsgi: programs = [main("uwsgi", ["--ini", home + "/uwsgi.ini"])]
    case .node: programs = [main("node", [home + "/application.js"])]
    case .phpFPM: programs = [main("php-fpm8.2", ["-R", "-F", "-n", "-y", home + "/php-fpm.conf"])]
    case .mariadb: programs = [main("mariadbd", ["--defaults-file=\(home)/mariadb.cnf"])]
    case .postgresql: programs = [PostgreSQLConfiguration.program(of: node, in: self)]
    case .gunicorn, .mysql, .dns:
      programs = [main("gunicorn", ["-c", home + "/gunicorn.conf.py"])]
    }
    if node.hasExporter {
      programs.append(
        SiteProgram(
          node: node.name, part: .exporter, program: "prometheus-node-exporter",
          arguments: ["--web.listen-address=\(node.address.host):9100", "--log.level=error"], home: home))
    }
    return programs
  }

  /// How `unshare` starts what refuses to run as root: as another user, in a user namespace of its own.
  static let plainUser = ["-U", "--map-user=1000", "--map-group=1000"]

  var nameServerProgram: SiteProgram? {
    let home = "\(directory)/\(Self.nameServer)"
    return given.entry?.dns == nil
      ? nil
      : SiteProgram(
        node: Self.nameServer, program: "dnsmasq", arguments: ["--conf-file=\(home)/dnsmasq.conf"],
        home: home)
  }

  /// The load, which ends with the process that started it.
  func loadProgram(parent: Int32) -> SiteProgram? {
    let home = "\(directory)/\(LabPlan.loadName)"
    return hasLoad
      ? SiteProgram(
        node: Self.client, program: "python3", arguments: [home + "/load.py", "\(parent)"], home: home)
      : nil
  }
}
