import Foundation
import Testing

extension ProgramTests {
  /// Nodes of a lab whose connections are used up, and replicas that do not keep up: what the screen says of them.
  @Suite(.serialized) struct FullTests {
    private func play(_ words: String..., at site: RunningSite) throws {
      let outcome = try tiertop(["lab"] + words + [site.layout])
      #expect(outcome.status == 0, "\(words): \(outcome.errors)")
    }

    @Test func whoHasNoConnectionLeftIsSaidToHaveNone() throws {
      let site = try RunningSite(load: true)
      let screen = try TmuxScreen([site.layout], width: 140, height: 40)
      #expect(screen.shows("all is well"), "\(screen.text)")
      // Gunicorn sends its first word when it has something to say: nobody is worried until then.
      #expect(!screen.text.contains("nothing was sent"), "\(screen.text)")
      for (node, words) in [
        ("db1", "connections 60 of 60: none is left"), ("lb1", "connections 400 of 400 on www: none is left"),
        ("web1", "web1 down"), ("app1", "app1 down"),
      ] {
        try play("fault", node, "full", at: site)
        #expect(screen.shows(words), "\(node): \(screen.text)")
        #expect(try tiertop(["lab", "status", site.layout]).output.contains("faults    \(node): full\n"))
        try play("heal", node, at: site)
        #expect(holds { !screen.text.contains("\(node) d") }, "\(node): \(screen.text)")
      }
      #expect(try tiertop(["lab", "status", site.layout]).output.contains("faults    none\n"))
      #expect(try site.page("10.77.1.100/app/", within: 20)?.status == 200)
    }

    @Test func whoeverIsNotUpToItSaysSoWhateverItRuns() throws {
      let text = """
        cluster: all
        entry: { vip: 10.77.1.100 }
        tiers:
          - tier: lb
            nodes:
              - { node: lb1, haproxy: "tcp://10.77.1.11:9999" }
          - tier: web
            nodes:
              - { node: web1, address: "10.77.2.11:80", runs: nginx }
              - { node: web2, address: "10.77.2.12:80", runs: apache }
          - tier: app
            nodes:
              - { node: app1, address: "10.77.3.11:8000", runs: uwsgi }
              - { node: api1, address: "10.77.3.12:3000", runs: node }
          - tier: db
            nodes:
              - { node: db1, address: "10.77.4.11:3306", runs: mysql }
        """
      let site = try RunningSite(text: text)
      let screen = try TmuxScreen([site.layout], width: 140, height: 40)
      #expect(screen.shows("all is well"), "\(screen.text)")
      for (node, words) in [
        ("web2", "web2 down"), ("app1", "all 16 workers are busy"), ("api1", "api1 down"),
        ("db1", "connections 60 of 60: none is left"),
      ] {
        try play("fault", node, "full", at: site)
        #expect(screen.shows(words), "\(node): \(screen.text)")
        try play("heal", node, at: site)
        #expect(screen.shows("all is well"), "\(node): \(screen.text)")
      }
      let status = try tiertop(["lab", "status", site.layout]).output
      #expect(status.contains("in the place of MySQL, db1 has MariaDB"), "\(status)")
      #expect(status.contains("db1: mariadbd at 10.77.4.11:3306 runs"), "\(status)")
    }

    @Test func whatHoldsConnectionsEndsWithTheLab() throws {
      let site = try RunningSite()
      for node in ["lb1", "web1", "app1", "db1"] { try play("fault", node, "full", at: site) }
      try play("down", at: site)
      #expect(site.isGone())
    }

    @Test func aReplicaOfPostgreSQLLagsOrStopsAsItIsTold() throws {
      let site = try RunningSite("dedicated-tiers", load: true)
      // The application asks it: so there is something that can be late.
      func rate() throws -> Double {
        try Document(tiertop(["once", "--json", site.layout]).output)["db1"]?.qps ?? 0
      }
      #expect(holds { ((try? rate()) ?? 0) > 5 })
      let screen = try TmuxScreen([site.layout], width: 140, height: 40)
      #expect(screen.shows("db2 replica"), "\(screen.text)")
      try play("fault", "db2", "lag", "20s", at: site)
      #expect(screen.shows("behind its primary"), "\(screen.text)")
      try play("heal", "db2", at: site)
      #expect(screen.shows("db2 replica"), "\(screen.text)")
      try play("fault", "db2", "stop-replication", at: site)
      #expect(screen.shows("it receives nothing from its primary"), "\(screen.text)")
      try play("heal", "db2", at: site)
      #expect(screen.shows("db2 replica"), "\(screen.text)")
      try play("fault", "db1", "full", at: site)
      #expect(screen.shows("connections 97 of 100"), "\(screen.text)")
    }

    @Test func theLabsOwnQuestionsAreNotCountedAsTraffic() throws {
      let site = try RunningSite()
      let outcome = try tiertop(["once", "--json", "--count", "3", site.layout])
      let last = try #require(outcome.output.split(separator: "\n").last)
      let document = try Document(String(last))
      #expect(document["lb1"]?.requests == 0 && document["lb2"]?.requests == 0, "\(last)")
    }

    @Test func keepalivedSaysAllThatItKnowsAfterEachChange() throws {
      let site = try RunningSite()
      func dump(_ balancer: String) -> String {
        let path = "\(site.directory)/\(balancer)/keepalived/keepalived.json"
        return (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      }
      // 2 is MASTER, 1 is BACKUP.
      #expect(holds { dump("lb1").contains("\"state\":2") && dump("lb2").contains("\"state\":1") })
      try play("fault", "lb1", "kill", at: site)
      #expect(holds { dump("lb2").contains("\"state\":2") })
    }
  }
}
