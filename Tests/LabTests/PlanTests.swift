import Cluster
import LayoutFile
import Testing

@testable import Lab

@Suite struct PlanTests {
  @Test func theRunningLayoutHasTheAddressesOfThisMachine() throws {
    let layout = try plan().layout
    #expect(
      layout.entry == Layout.Entry(dns: "www.foobar.com", vips: ["127.77.7.1:8080"], frontends: ["www"]))
    let nodes = layout.nodes
    #expect(nodes.map(\.name.text) == ["lb1", "lb2", "web1", "web2", "app1", "app2"])
    #expect(nodes[0].haproxy == .unix(path: "/run/user/1000/tiertop-lab-golden/lb1.sock"))
    #expect(nodes[2].address == SocketAddress(host: "127.77.7.21", port: 8080))
    #expect(nodes[2].nginx?.description == "http://127.77.7.21:8081/nginx_status")
    #expect(nodes[5].address == SocketAddress(host: "127.77.7.32", port: 8000))
  }

  @Test func theRunningLayoutReadsBackAsItIs() throws {
    var layout = demoLayout()
    layout.health.defaults.errorRate = 0.05
    layout.screen.view = .table
    layout.drain.keepUp = 2
    let plan = try plan(of: layout)
    #expect(try LayoutFile.layout(from: Array(plan.layoutText.utf8)) == plan.layout)
  }

  @Test func aPortThatIsTakenEverywhereMovesAllPorts() throws {
    let network = LabNetwork(a: 77, b: 7, shift: 1000)
    let plan = try LabPlan(layout: demoLayout(), network: network, directory: "/tmp/x")
    #expect(plan.entry.port == 9080)
    #expect(plan.services[0].servers[0].status?.port == 9081)
    #expect(plan.services[1].servers[0].address.port == 9000)
  }

  @Test func anEndpointTellsWhatANodeRuns() throws {
    var layout = demoLayout()
    layout.tiers[0].nodes[0].runs = nil
    layout.tiers[0].nodes[0].haproxy = .unix(path: "/run/haproxy/admin.sock")
    layout.tiers[1].nodes[0].runs = nil
    layout.tiers[1].nodes[0].nginx = .http(HTTPEndpoint(url: "http://10.0.0.1/nginx_status"))
    let plan = try plan(of: layout)
    #expect(plan.loadBalancers.map(\.name) == ["lb1", "lb2"])
    #expect(plan.services[0].servers[0].program == .nginx)
  }

  @Test func whatCannotBeStoodUpIsSaid() {
    var layout = demoLayout()
    layout.tiers.append(tier("db", [("db1", .mariadb)]))
    #expect(throws: LabError.cannotRun(node: "db1", program: .mariadb)) { try plan(of: layout) }

    layout = demoLayout()
    layout.tiers[2].nodes[0].runs = nil
    #expect(throws: LabError.cannotRun(node: "app1", program: nil)) { try plan(of: layout) }

    layout = demoLayout()
    layout.tiers[1].nodes[1].via = .ssh(SSHHost(host: "web2"))
    #expect(throws: LabError.elsewhere(node: "web2")) { try plan(of: layout) }

    layout = demoLayout()
    layout.tiers.append(tier("inner", [("lb3", .haproxy)]))
    #expect(throws: LabError.loadBalancerBehind(node: "lb3", tier: "web")) { try plan(of: layout) }

    #expect(throws: LabError.nothingToRun(.haproxy)) { try plan(of: Layout(cluster: "empty")) }

    layout = demoLayout()
    layout.tiers[2].nodes = (0..<240).map { Layout.Node(name: NodeName("app\($0)"), runs: .gunicorn) }
    #expect(throws: LabError.tooManyNodes(limit: 253)) { try plan(of: layout) }
  }

  @Test(arguments: ["../etc", "a b", "a;b", "", "-x", "site", "load", "é", String(repeating: "n", count: 33)])
  func aNameThatIsNoFileNameIsRefused(_ name: String) {
    var layout = demoLayout()
    layout.tiers[1].nodes[0].name = NodeName(name)
    #expect(throws: LabError.unusableName(name)) { try plan(of: layout) }
  }
}
