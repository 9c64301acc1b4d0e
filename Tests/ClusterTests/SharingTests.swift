import Cluster
import Testing

/// What of a layout is told to others.
struct SharingTests {
  @Test func nothingOfAccountsAndSecretsIsLeft() {
    let page = HTTPEndpoint(
      url: "http://lb1/stats?token=abc#x",
      credentials: Credentials(user: "ops", password: .environment(variable: "SITE_PASSWORD")))
    var layout = Layout(
      cluster: "www",
      tiers: [
        Layout.Tier(
          name: TierName("lb"),
          nodes: [
            Layout.Node(
              name: NodeName("lb1"), via: .ssh(SSHHost(user: "alice", host: "bastion")), haproxy: .http(page),
              nginx: .unix(path: "/run/nginx.sock"),
              endpoints: [.keepalived: .directory(path: "/run/keepalived")])
          ])
      ])
    layout.audit = [.file(path: "/var/log/audit")]
    let told = layout.shareable
    for word in ["alice", "bastion", "ops", "SITE_PASSWORD", "abc", "/run/keepalived", "/var/log"] {
      #expect(!"\(told)".contains(word), "\(word)")
    }
    // Sources stay in their places.
    #expect(PollPlan(for: told).sources.map(\.node) == PollPlan(for: layout).sources.map(\.node))
    #expect(PollPlan(for: told).sources.map(\.system) == PollPlan(for: layout).sources.map(\.system))
    #expect(told.tiers[0].nodes[0].haproxy?.description == "http://lb1/stats")
  }
}
