import Cluster

/// The namespaces, and what joins them: a shell script that is run once, as root of them.
enum SiteNetwork {
  /// The place of a node's cable at the router.
  static func port(_ place: Int) -> String { "port\(place)" }

  /// A namespace of the plan, with its place in a network.
  struct Place: Hashable {
    var name: String
    var network: SitePlan.Network
    var host: String
  }

  /// All namespaces but the router, in the order of their cables.
  static func places(of plan: SitePlan) -> [Place] {
    var places = [
      Place(name: SitePlan.client, network: plan.clients, host: plan.clients.host(10)),
      Place(name: SitePlan.nameServer, network: plan.clients, host: plan.clients.host(53)),
    ]
    for node in plan.nodes {
      places.append(
        Place(name: node.name, network: plan.networks[node.network], host: node.address.host))
    }
    return places
  }

  /// The text of `network.sh`; `rules` is the path of the firewall's file.
  static func script(of plan: SitePlan, rules: String) -> String {
    let places = places(of: plan)
    var text = """
      # The network of \(plan.title), written by `tiertop lab up`: a namespace for each node, and a router with a bridge
      # for each tier between them.
      set -e

      ip -batch - <<END
      netns add \(SitePlan.router)

      """
    for place in places { text += "netns add \(place.name)\n" }
    for (number, place) in places.enumerated() {
      text +=
        "link add \(port(number)) netns \(SitePlan.router) type veth peer name eth0 netns \(place.name)\n"
    }
    text += "END\n\n# The router.\nip -n \(SitePlan.router) -batch - <<END\nlink set lo up\n"
    for network in plan.networks {
      text += "link add \(network.bridge) type bridge\naddr add \(network.host(1))/24 dev \(network.bridge)\n"
      text += "link set \(network.bridge) up\n"
    }
    for (number, place) in places.enumerated() {
      text += "link set \(port(number)) master \(place.network.bridge) up\n"
    }
    text += """
      END
      nsenter --net=/run/netns/\(SitePlan.router) sh -e <<END
      echo 1 >/proc/sys/net/ipv4/ip_forward
      # What stays on one bridge is no business of the firewall.
      for file in /proc/sys/net/bridge/bridge-nf-call-*tables; do [ ! -e "\\$file" ] || echo 0 >"\\$file"; done
      nft -f \(rules)
      END

      # The nodes.

      """
    for place in places {
      text += """
        ip -n \(place.name) -batch - <<END
        link set lo up
        addr add \(place.host)/24 dev eth0
        link set eth0 up
        route add default via \(place.network.host(1))
        END

        """
    }
    for node in plan.nodes where node.program == .apache {
      text += """
        # Apache does not serve as root; and whoever is somebody else listens on port 80 only where all may.
        nsenter --net=/run/netns/\(node.name) sh -c 'echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start'

        """
    }
    return text
  }
}
