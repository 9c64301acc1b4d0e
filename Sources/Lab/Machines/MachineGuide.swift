import Cluster

/// What is in a directory of configurations, and what is left to whoever installs them.
enum MachineGuide {
  /// The text of `README.md`.
  static func text(of plan: SitePlan, files: [MachineFile]) -> String {
    var text = """
      # \(plan.title): configurations

      Written by `tiertop lab config` from a layout, for Debian and what is like it. Read each before it is used: what
      the layout does not say is a beginning (sizes, time-outs, the names of interfaces).

      | file | where it belongs | then |
      |---|---|---|

      """
    for entry in files {
      guard let place = entry.place else { continue }
      text += "| `\(entry.file.name)` | `\(place.path)` | `\(place.use)` |\n"
    }
    text += """
      | `layout.yaml` | where tiertop runs: `/etc/tiertop/layout.yaml` | `tiertop` |
      | `diagram.md` | a picture of the site, in Mermaid | |

      What is left to do:


      """
    return text + points(of: plan, files: files).map { "- \($0)\n" }.joined()
  }

  private static func points(of plan: SitePlan, files: [MachineFile]) -> [String] {
    var points: [String] = []
    func has(_ words: String) -> Bool { files.contains { $0.file.text.contains(words) } }
    if has("<PASSWORD-OF-") {
      points.append(
        "The passwords of the databases' users, in the place of `<PASSWORD-OF-…>`; what tiertop uses is in the "
          + "environment variable or the file that layout.yaml names.")
    }
    if has(HAProxyConfiguration.passwordVariable) {
      points.append(
        "`\(HAProxyConfiguration.passwordVariable)=…` in `/etc/default/haproxy`: the password of the stats page."
      )
    }
    if has(HAProxyConfiguration.certificate) {
      points.append("The certificate with its key in `\(HAProxyConfiguration.certificate)`, mode 0600.")
    }
    if has("ssl_certificate") {
      points.append("The certificate in `/etc/nginx/site.pem`, its key in `/etc/nginx/site.key`, mode 0600.")
    }
    if has("SSLCertificateFile") {
      points.append(
        "The certificate in `/etc/apache2/site.pem`, its key in `/etc/apache2/site.key`, mode 0600.")
    }
    if has("interface eth0") {
      points.append("The interface in `keepalived.conf` (eth0); and `curl`, with which it asks HAProxy.")
    }
    if has("define to_") {
      points.append(
        "`\(SitePlan.firewall)/` is the machine that routes between the tiers: the names of its interfaces, and the "
          + "address from which tiertop comes.")
    } else if has("hook input") {
      points.append("The addresses from which tiertop and you come, in each `nftables.conf`.")
    }
    for node in plan.nodes {
      switch node.program {
      case .gunicorn, .uwsgi, .node, .phpFPM, .mysql, .dns:
        points.append(
          "\(node.name) (\(node.program.rawValue)) is configured with its application: it has to serve at "
            + "`\(node.address)`" + (node.program == .phpFPM ? "." : ", and answer `GET /healthz` with 200."))
      default: break
      }
    }
    return points
  }
}
