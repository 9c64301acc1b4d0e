import Cluster
import Testing

@testable import Lab

/// What the lab writes, to the letter: somebody will read it to learn how it is done.
@Suite struct ConfigurationTests {
  @Test func theFilesOfTheDemoAreAsRecorded() throws {
    let plan = try plan()
    for name in [
      "lb1/haproxy.cfg", "web1/nginx.conf", "app2/gunicorn.conf.py", "app2/application.py", "load/load.py",
    ] {
      let file = try #require(plan.files(load: Load()).first { $0.name == name })
      try expectGolden(file.text, name.replacing("/", with: "."))
    }
  }

  @Test func everyNodeAndTheSiteHaveFiles() throws {
    let names = try plan().files(load: nil).map(\.name)
    #expect(
      names == [
        "lb1/haproxy.cfg", "lb2/haproxy.cfg", "web1/nginx.conf", "web2/nginx.conf", "app1/gunicorn.conf.py",
        "app1/application.py", "app2/gunicorn.conf.py", "app2/application.py", "site/index.html",
        "site/style.css", "site/logo.svg",
      ])
  }

  @Test func withoutLoadNoPageFailsByItself() throws {
    let quiet = try #require(plan().files(load: nil).first { $0.name == "app1/application.py" })
    let busy = try #require(plan().files(load: Load()).first { $0.name == "app1/application.py" })
    #expect(quiet.text.contains("FAILURES = 0.0 "))
    #expect(busy.text.contains("FAILURES = 0.005 "))
  }

  @Test func aSiteWithoutAnApplicationTierProxiesNothing() throws {
    var layout = demoLayout()
    layout.tiers.removeLast()
    let plan = try plan(of: layout)
    let files = plan.files(load: Load())
    let nginx = try #require(files.first { $0.name == "web1/nginx.conf" })
    #expect(!nginx.text.contains("upstream"))
    #expect(!nginx.text.contains("proxy_pass"))
    let load = try #require(files.first { $0.name == "load/load.py" })
    #expect(!load.text.contains("/app/"))
  }

  @Test func theNumberOfNodesFollowsTheLayout() throws {
    var layout = demoLayout()
    layout.tiers[0].nodes.removeLast()
    layout.tiers[1].nodes += (3...14).map { Layout.Node(name: NodeName("web\($0)"), runs: .nginx) }
    let plan = try plan(of: layout)
    let proxy = try #require(plan.files(load: nil).first { $0.name == "lb1/haproxy.cfg" })
    #expect(proxy.text.contains("server web14 127.77.7.34:8080 check"))
    #expect(proxy.text.contains("server app1 127.77.7.41:8000 check"))
    let addresses = plan.services.flatMap(\.servers).map(\.address)
    #expect(Set(addresses).count == addresses.count)
  }

  @Test func aClusterNameCannotReachIntoAConfiguration() throws {
    var layout = demoLayout()
    layout.cluster = "a\"\n    stats socket /tmp/x level admin # { } ; $host \u{1B}[2J"
    for file in try plan(of: layout).files(load: Load()) {
      #expect(!file.text.contains("stats socket /tmp"))
      #expect(!file.text.contains("\u{1B}"))
    }
  }
}
