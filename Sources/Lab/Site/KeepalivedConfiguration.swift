import Cluster

/// The configuration file of one keepalived, which holds a virtual address or waits for it.
enum KeepalivedConfiguration {
  /// The text of `keepalived.conf`.
  static func text(of node: SitePlan.Node, in plan: SitePlan) -> String {
    let home = plan.keepalivedHome(of: node)
    var text = """
      # keepalived of \(node.name) in \(plan.title), written by `tiertop lab`.

      global_defs {
          router_id \(node.name)
          vrrp_version 3
          umask 0022
          # Whose address it is is told to the neighbours again each second. Where two held it at once, they believe the
          # last who said so, long after he has let go of it.
          vrrp_garp_master_refresh 1
          # A line for each change of state: INSTANCE "VI_1" MASTER 110
          vrrp_notify_fifo \(home)/fifo
      }

      # 0 while the HAProxy beside it serves, -254 when it does not: then the other one takes the address.
      # A watcher writes it. With scripts it would be: vrrp_script { script "curl -f http://127.0.0.1\(BalancerConfiguration.health)" … }
      track_file haproxy {
          file \(plan.healthFile(of: node))
          weight 0
      }

      """
    for (place, address) in plan.virtualAddresses.enumerated() {
      // Each of several addresses is at home on another load balancer.
      let distance = (node.index + plan.loadBalancers.count - place) % max(1, plan.loadBalancers.count)
      text += """

        vrrp_instance \(instance(place)) {
            state BACKUP
            interface eth0
            virtual_router_id \(51 + place)
            # The highest has the address; who comes back takes it back.
            priority \(max(1, 110 - 10 * distance))
            # Seconds from one sign of life to the next; after three that are missed the next one takes over.
            advert_int 0.1
            virtual_ipaddress {
                \(address)/24 dev eth0
            }
            track_file {
                haproxy
            }
        }

        """
    }
    return text
  }

  static func instance(_ place: Int) -> String { "VI_\(place + 1)" }
}
