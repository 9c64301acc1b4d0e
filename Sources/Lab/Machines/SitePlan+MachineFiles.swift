import Cluster
import LayoutFile

/// A file for a machine, and where it belongs there.
struct MachineFile: Sendable, Hashable {
  var file: LabFile
  /// Nil for what stays beside the others.
  var place: MachinePlace?
}

extension SitePlan {
  /// Everything that is written for real machines: a directory for each, the layout, the diagram, and what is where.
  func machineFiles() throws(LabError) -> [MachineFile] {
    var files: [MachineFile] = []
    for node in nodes { files += try self.machineFiles(of: node) }
    if !given.firewalls.isEmpty {
      if hasOwnFirewalls {
        for node in nodes {
          files.append(own(node.name, "nftables.conf", HostFirewall.text(of: node, in: self), .nftables))
        }
      } else {
        files.append(own(Self.firewall, "nftables.conf", FirewallRules.text(of: self), .nftables))
      }
    }
    files.append(MachineFile(file: LabFile(name: "layout.yaml", text: machineLayoutText())))
    let diagram = "# \(title)\n\n```mermaid\n\(LayoutDiagram.text(of: given))```\n"
    files.append(MachineFile(file: LabFile(name: "diagram.md", text: diagram)))
    files.append(
      MachineFile(file: LabFile(name: "README.md", text: MachineGuide.text(of: self, files: files))))
    return files.map { entry in
      var entry = entry
      entry.file.mode = entry.place == .notify ? 0o755 : 0o644
      return entry
    }
  }

  private func own(_ node: String, _ name: String, _ text: String, _ place: MachinePlace) -> MachineFile {
    MachineFile(file: LabFile(name: "\(node)/\(name)", text: text), place: place)
  }

  private func machineFiles(of node: Node) throws(LabError) -> [MachineFile] {
    func file(_ name: String, _ text: String, _ place: MachinePlace) -> MachineFile {
      own(node.name, name, text, place)
    }
    switch node.program {
    case .haproxy:
      let own = file("haproxy.cfg", try haproxy(of: node).text, .haproxy)
      if virtualAddresses.isEmpty { return [own] }
      return [
        own, file("keepalived.conf", KeepalivedConfiguration.text(of: node, in: self), .keepalived),
        file("tiertop-notify", try KeepalivedConfiguration.notify(of: node, in: self), .notify),
      ]
    case .nginx: return [file("nginx.conf", try nginx(of: node).text, .nginx)]
    case .apache: return [file("apache2.conf", try apache(of: node).text, .apache)]
    case .mariadb:
      let statements = node.role == .replica ? "replica.sql" : "users.sql"
      return [
        file("mariadb.cnf", DatabaseConfiguration.server(of: node, in: self), .mariadb),
        file(statements, DatabaseConfiguration.beginning(of: node, in: self), .mariadbStatements),
      ]
    case .postgresql:
      let files = [
        file("postgresql.conf", PostgreSQLConfiguration.server(of: node, in: self), .postgresql),
        file("pg_hba.conf", PostgreSQLConfiguration.access(of: node, in: self), .postgresqlAccess),
      ]
      if node.role == .replica { return files }
      return files + [
        file("users.sql", PostgreSQLConfiguration.users(of: node, in: self), .postgresqlStatements)
      ]
    case .gunicorn, .uwsgi, .node, .phpFPM, .mysql, .dns: return []
    }
  }

  /// Whether tiers are in one network, with no router between them: then each machine has a firewall of its own.
  var hasOwnFirewalls: Bool {
    let known = nodes.filter { $0.address.host != Self.anywhere }
    return known.contains { node in
      known.contains { $0.network != node.network && Self.network(of: $0) == Self.network(of: node) }
    }
  }

  /// The first three numbers of an address, or the first four groups of one of IPv6: what is usually one network.
  private static func network(of node: Node) -> [Substring] {
    let host = node.address.host
    if host.contains(":") {
      return Array(host.split(separator: ":", omittingEmptySubsequences: false).prefix(4))
    }
    return Array(host.split(separator: ".").prefix(3))
  }
}
