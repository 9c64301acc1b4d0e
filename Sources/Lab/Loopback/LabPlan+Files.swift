import Cluster
import LayoutFile

extension LabPlan {
  /// The name of the file, below a node's directory, into which its program's own words go.
  static let log = "log"
  static let site = "site"
  static let loadName = "load"
  /// Names that nodes cannot have, since the lab's own things have them.
  static let ownNames: Set<String> = [site, loadName]

  /// The layout of the running cluster, as the file that the dashboard reads.
  var layoutText: String {
    LayoutFile.text(
      of: layout, origin: "\(title) as it runs on this machine, at http://\(entry)/ (`tiertop lab up`).")
  }

  /// Everything that is written before the programs are started, but the layout.
  func files(load: Load?) -> [LabFile] {
    var files: [LabFile] = []
    for loadBalancer in loadBalancers {
      files.append(
        LabFile(
          name: "\(loadBalancer.name)/haproxy.cfg",
          text: haproxy(of: loadBalancer).text))
    }
    for (index, service) in services.enumerated() {
      for server in service.servers {
        switch server.program {
        case .nginx:
          let text = nginx(of: server, next: self.service(after: index)).text
          files.append(LabFile(name: "\(server.name)/nginx.conf", text: text))
        default:
          // Without the load every answer is as it was asked for, so that it can be counted.
          let behaviour = GunicornConfiguration.Behaviour(of: server, failures: load == nil ? 0 : 0.005)
          files.append(
            LabFile(
              name: "\(server.name)/gunicorn.conf.py", text: GunicornConfiguration.text(of: server, in: self))
          )
          files.append(
            LabFile(
              name: "\(server.name)/application.py",
              text: GunicornConfiguration.application(of: server, behaviour: behaviour, in: self)))
        }
      }
    }
    for page in NginxConfiguration.site(title: title) {
      files.append(LabFile(name: "\(Self.site)/\(page.name)", text: page.text))
    }
    if let load { files.append(LabFile(name: "\(Self.loadName)/load.py", text: load.text(for: self))) }
    return files
  }
}
