import Cluster

/// The configuration file of one keepalived, which holds a virtual address or waits for it.
enum KeepalivedConfiguration {
  /// The text of `keepalived.conf`.
  static func text(of node: SitePlan.Node, in plan: SitePlan) -> String {
    let isMachine = plan.isForMachines
    var text = plan.head(
      of: "\(node.name)'s keepalived", "a keeper of the virtual address", .keepalived)
    text += """

      global_defs {
          router_id \(node.name)
          vrrp_version 3
          # Seconds after which the neighbours are told again whose address it is. Where two held it at once, they
          # believe the last who said so, long after he has let go of it.
          vrrp_garp_master_refresh \(isMachine ? "5" : "1")
      \(isMachine ? machine : lab(node, plan))
      \(isMachine ? Self.script : file(node, plan))
      """
    for (place, address) in plan.virtualAddresses.enumerated() {
      let distance = plan.distance(of: node, fromTheHomeOf: place)
      text += """

        vrrp_instance \(instance(place)) {
            state BACKUP
        \(isMachine ? "    # The interface in the load balancers' network: change it where it has another name.\n" : "")\
            interface eth0
        \(isMachine ? "    # The same on all of them, and no other's in this network.\n" : "")\
            virtual_router_id \(51 + place)
            # The highest has the address; who comes back takes it back.
            priority \(max(1, 110 - 10 * distance))
            # Seconds from one sign of life to the next; after three that are missed the next one takes over.
            advert_int \(isMachine ? "0.5" : "0.1")
            virtual_ipaddress {
                \(address)\(isMachine ? "" : "/24") dev eth0
            }
            \(isMachine ? "track_script" : "track_file") {
                haproxy
            }
        }

        """
    }
    return text
  }

  private static func lab(_ node: SitePlan.Node, _ plan: SitePlan) -> String {
    """
        umask 0022
        # A line for each change of state: INSTANCE "VI_1" MASTER 110
        vrrp_notify_fifo \(plan.keepalivedHome(of: node))/fifo
    }
    """
  }

  private static func file(_ node: SitePlan.Node, _ plan: SitePlan) -> String {
    """

    # 0 while the HAProxy beside it serves, -254 when it does not: then the other one takes the address.
    # A watcher writes it: in a user namespace keepalived cannot run scripts.
    track_file haproxy {
        file \(plan.healthFile(of: node))
        weight 0
    }

    """
  }

  private static let machine = """
        # Only scripts that nobody but root can change are run.
        enable_script_security
        script_user root
        # A line for each change of state: INSTANCE "VI_1" MASTER 110. tiertop reads what the script keeps of it.
        vrrp_notify_fifo /run/keepalived-notify.fifo
        vrrp_notify_fifo_script \(MachinePlace.notify.path)
    }
    """

  private static let script = """

    # While HAProxy, and a server behind it, cannot serve, the other one takes the address.
    vrrp_script haproxy {
        script "/usr/bin/curl -fs -o /dev/null --max-time 1 http://\(SitePlan.healthAddress)\(HAProxyConfiguration.healthPage)"
        interval 1
        timeout 2
        fall 2
        rise 2
        user nobody
    }

    """

  /// The text of `tiertop-notify`: it keeps, with its time, what keepalived says.
  static func notify(of node: SitePlan.Node, in plan: SitePlan) throws(LabError) -> String {
    let directory = try plan.keepalivedDirectory(of: node)
    return """
      #!/bin/sh
      \(plan.head(of: "\(node.name)'s tiertop-notify", "a reader of keepalived's lines", .notify))\
      # Mode 0755. Without the trap the last word of a keepalived that is stopped stays MASTER, and the address seems to
      # be held twice. Let logrotate keep the file small with copytruncate; only its end is read.
      trap '' TERM HUP
      umask 022
      mkdir -p \(directory)
      while read -r line; do
          echo "$(date +%s.%N) $line" >>\(directory)/notify
      done <"$1"

      """
  }

  static func instance(_ place: Int) -> String { "VI_\(place + 1)" }
}

extension SitePlan {
  /// How many load balancers come before one for a virtual address; 0 where the address is at home. Each of several
  /// addresses is at home on another load balancer.
  func distance(of node: Node, fromTheHomeOf place: Int) -> Int {
    let count = loadBalancers.count
    return (node.index + count - place % count) % count
  }

  /// Where the keepalived of a machine leaves what it says.
  func keepalivedDirectory(of node: Node) throws(LabError) -> String {
    guard
      case .directory(let path)? = given.nodes.first(where: { $0.name.text == node.name })?
        .endpoints[.keepalived]
    else { return "/run/keepalived/\(node.name)" }
    return try plainText(path)
  }
}
