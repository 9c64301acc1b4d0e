import Cluster

extension SitePlan {
  /// Everything that is written before anything is started, but the layout.
  func files() throws(LabError) -> [LabFile] {
    var files = [
      LabFile(name: "\(LabPlan.site)/healthz", text: "ok\n"),
      LabFile(
        name: "network/network.sh", text: SiteNetwork.script(of: self, rules: "\(directory)/\(Self.rules)")),
      LabFile(name: Self.rules, text: FirewallRules.text(of: self)),
    ]
    for page in NginxConfiguration.site(title: title) {
      files.append(LabFile(name: "\(LabPlan.site)/\(page.name)", text: page.text))
    }
    for node in nodes { files += try self.files(of: node) }
    if hasDatabases {
      files.append(
        LabFile(name: "databases/databases.sh", text: DatabaseConfiguration.script(of: self)))
      files.append(LabFile(name: "tiertop.password", text: secrets.monitor + "\n"))
    }
    if given.entry?.dns != nil {
      files.append(
        LabFile(name: "\(Self.nameServer)/dnsmasq.conf", text: NameServerConfiguration.text(of: self)))
    }
    if hasLoad {
      files.append(LabFile(name: "\(LabPlan.loadName)/load.py", text: Load().text(for: self)))
    }
    return files
  }

  /// The firewall's rules, below the lab's directory.
  static let rules = "network/firewall.nft"

  private func files(of node: Node) throws(LabError) -> [LabFile] {
    func file(_ name: String, _ text: String) -> LabFile { LabFile(name: "\(node.name)/\(name)", text: text) }
    switch node.program {
    case .haproxy:
      let own = file("haproxy.cfg", try haproxy(of: node).text)
      if virtualAddresses.isEmpty { return [own] }
      return [
        own, file("keepalived/keepalived.conf", KeepalivedConfiguration.text(of: node, in: self)),
        file("keepalived/haproxy", "-254\n"), file("keepalived/notify", ""),
      ]
    case .nginx:
      return [
        file("nginx.conf", try nginx(of: node).text),
        file("fault.py", FaultServer.text(of: node, in: self)),
      ]
    case .apache: return [file("apache.conf", try apache(of: node).text)]
    case .gunicorn:
      return [
        file("gunicorn.conf.py", PythonApplication.gunicorn(of: node, in: self)),
        file("application.py", PythonApplication.application(of: node, in: self)),
      ]
    case .uwsgi:
      return [
        file("uwsgi.ini", PythonApplication.uwsgi(of: node, in: self)),
        file("application.py", PythonApplication.application(of: node, in: self)),
      ]
    case .node: return [file("application.js", OtherApplications.node(node, in: self))]
    case .phpFPM:
      return [
        file("php-fpm.conf", OtherApplications.fpm(node, in: self)),
        file("index.php", OtherApplications.php(node, in: self)),
      ]
    case .mariadb:
      return [
        file("mariadb.cnf", DatabaseConfiguration.server(of: node, in: self)),
        file("init.sql", DatabaseConfiguration.beginning(of: node, in: self)),
      ]
    case .postgresql:
      return [
        file("postgresql.conf", PostgreSQLConfiguration.server(of: node, in: self)),
        file("pg_hba.conf", PostgreSQLConfiguration.access(of: node, in: self)),
      ]
    case .mysql, .dns: return []
    }
  }
}
