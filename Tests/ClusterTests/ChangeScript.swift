@testable import Cluster

/// Two load balancers that say the same, with servers in two backends, and a second of traffic between them.
struct ChangeScript {
  var script = ClusterScript.pair()
  /// What each load balancer has counted for each server.
  private var counts: [String: Int64] = [:]
  var edit: [Int: (inout ProxyScript) -> Void] = [:]
  static let ops = Actor(user: "ops", host: "bastion", terminal: "pts/3")

  init() {}

  /// A second in which each load balancer passes so many requests to each server.
  mutating func second(_ requests: [String: Int64] = [:]) {
    for (server, count) in requests { counts[server, default: 0] += count }
    var outcomes: [Int: Reading.Outcome] = [:]
    for balancer in 0..<2 {
      let counts = counts
      let edit = edit[balancer]
      outcomes[balancer] = balancerOf(counts, edit)
    }
    script.tick(outcomes)
  }

  private func balancerOf(_ counts: [String: Int64], _ edit: ((inout ProxyScript) -> Void)?)
    -> Reading.Outcome
  {
    var proxy = ProxyScript()
    proxy.proxy("www", .frontend, status: "OPEN")
    for (name, address) in [("web1", "10.0.2.11:80"), ("web2", "10.0.2.12:80"), ("web3", "10.0.2.13:80")] {
      proxy.server("web", name, address, [.reqTot: counts[name] ?? 0, .scur: 3])
    }
    proxy.proxy("web", .backend, status: "UP")
    proxy.server("api", "a1", "10.0.2.11:80")
    proxy.server("api", "a2", "10.0.2.12:80")
    proxy.proxy("api", .backend, status: "UP")
    edit?(&proxy)
    return proxy.sample()
  }

  var live: LiveSnapshot? { script.model.live(at: script.moment) }

  /// What has been set on one load balancer is what it says from now on.
  mutating func set(_ flags: ServerStateTable.AdminFlags, on server: ServerID, of balancers: [Int] = [0, 1]) {
    for balancer in balancers {
      let before = edit[balancer]
      edit[balancer] = { proxy in
        before?(&proxy)
        proxy.admin[server] = flags
        for index in proxy.rows.indices where proxy.rows[index].identity.name == server.server {
          if proxy.rows[index].identity.proxy == server.backend {
            proxy.rows[index].notes[.status] =
              flags.admin == .maint ? "MAINT" : flags.admin == .drain ? "DRAIN" : "UP"
          }
        }
      }
    }
  }
}

extension ServerID {
  init(_ text: String) {
    let parts = text.split(separator: "/").map(String.init)
    self.init(backend: parts[0], server: parts[1])
  }
}

extension Change {
  var told: [String] { steps.filter { $0.kind == .send }.map { "\($0.row) \($0.action)" } }
}
