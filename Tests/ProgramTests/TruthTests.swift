import Foundation
import Testing

extension ProgramTests {
  /// What is shown is compared with what was sent: each request in exactly one document, on the right node.
  @Suite struct TruthTests {
    @Test func whatIsShownSumsUpToWhatWasSent() throws {
      let lab = try SupervisedLab(load: false)
      let site = try Site(of: lab)
      let stream = try Stream(["once", "--json", "--interval", "500ms", "--count", "100000", lab.layout])
      // The first document is out: from now on every request is seen.
      let first = try Document(try #require(stream.line()))
      #expect(first["web1"]?.requests == 0)

      var visitors = [Visitor(), Visitor()]
      for number in 0..<300 {
        for place in [0, 1] {
          let path =
            number % 10 == 3 ? "/missing" : number % 20 == 7 ? "/app/error" : number % 4 == 0 ? "/app/" : "/"
          try visitors[place].ask(site.balancers[place].host, site.balancers[place].port, path)
        }
      }
      #expect(visitors[0].statuses == [200: 255, 404: 30, 500: 15])
      #expect(visitors[1].statuses == visitors[0].statuses)

      let sums = try sum(of: stream, from: first)
      #expect(sums["lb1"] == Sum(requests: 300, errors: 15))
      #expect(sums["lb2"] == Sum(requests: 300, errors: 15))
      let web = sums["web1", default: Sum()] + sums["web2", default: Sum()]
      #expect(web == Sum(requests: 600, errors: 30))
      let app = sums["app1", default: Sum()] + sums["app2", default: Sum()]
      #expect(app == Sum(requests: 180, errors: 30))
      // Each of two equal servers has had its part.
      #expect(sums["web1", default: Sum()].requests > 200)
    }

    @Test func aReloadInTheMiddleIsAGapAndNeverAFigureThatCannotBe() throws {
      let lab = try SupervisedLab(load: false)
      let site = try Site(of: lab)
      let stream = try Stream(["once", "--json", "--interval", "500ms", "--count", "100000", lab.layout])
      let first = try Document(try #require(stream.line()))
      var visitor = Visitor()
      for number in 0..<200 {
        try visitor.ask(site.balancers[number % 2].host, site.balancers[number % 2].port, "/")
      }
      // The supervisor reloads its load balancers: their counters begin again.
      kill(lab.process.processIdentifier, SIGUSR1)
      var gaps: Set<String> = []
      var sums = Sum()
      var document = first
      while gaps.isEmpty || document["lb1"]?.requests != 0 || document["lb2"]?.requests != 0 {
        document = try Document(try #require(stream.line()))
        for balancer in ["lb1", "lb2"] {
          let node = try #require(document[balancer])
          if node.requests == nil, node.sources.allSatisfy(\.ok) { gaps.insert(balancer) }
        }
        for node in document.nodes {
          #expect((node.requests ?? 0) >= 0 && (node.requests ?? 0) <= 200)
          #expect((node.qps ?? 0) >= 0 && (node.qps ?? 0) <= 2000)
        }
        sums =
          sums + Sum(requests: document["web1"]?.requests ?? 0)
          + Sum(requests: document["web2"]?.requests ?? 0)
      }
      #expect(!gaps.isEmpty)
      // What fell into the gap is not known, and is not made up.
      #expect(sums.requests <= 200)

      // After it everything counts again.
      for _ in 0..<50 { try visitor.ask(site.balancers[0].host, site.balancers[0].port, "/") }
      let after = try sum(of: stream, from: nil)
      #expect(after["lb1"]?.requests == 50)
      #expect(after["web1", default: Sum()].requests + after["web2", default: Sum()].requests == 50)
    }

    @Test func theScreenCountsWhatWasSentToo() throws {
      let lab = try SupervisedLab(load: false)
      let site = try Site(of: lab)
      let screen = try TmuxScreen([lab.layout], width: 100, height: 40)
      // From the second reading on everything counts.
      func detail(of node: String) {
        screen.type(":node \(node)")
        screen.press("Enter", "Enter")
      }
      #expect(screen.shows("all is well"))
      detail(of: "web1")
      #expect(screen.shows("watched since", "requests 0"), "\(screen.text)")
      screen.press("Escape")
      var visitor = Visitor()
      for number in 0..<120 {
        try visitor.ask(
          site.balancers[number % 2].host, site.balancers[number % 2].port,
          number % 10 == 1 ? "/app/error" : "/")
      }
      var requests = 0
      var failed = 0
      for node in ["web1", "web2"] {
        detail(of: node)
        // Each of the two load balancers gives every second request to each of the two servers.
        #expect(screen.shows("─ \(node) ─", "requests 60"), "\(screen.text)")
        let line = screen.text.split(separator: "\n").first { $0.contains("watched since") } ?? ""
        let numbers = line.split(separator: " ").compactMap { Int($0) }
        requests += numbers.first ?? 0
        failed += numbers.last ?? 0
        screen.press("Escape")
      }
      #expect(requests == visitor.sent)
      #expect(failed == visitor.statuses[500])
    }

    /// Adds up documents until nothing has passed for some.
    private func sum(of stream: Stream, from first: Document?) throws -> [String: Sum] {
      var sums: [String: Sum] = [:]
      var quiet = 0
      var hasSeen = false
      while quiet < 4 {
        let document = try Document(try #require(stream.line()))
        var passed = 0
        for node in document.nodes {
          sums[node.node, default: Sum()].requests += node.requests ?? 0
          sums[node.node, default: Sum()].errors += node.errors ?? 0
          passed += node.requests ?? 0
        }
        hasSeen = hasSeen || passed > 0
        quiet = passed == 0 && hasSeen ? quiet + 1 : 0
      }
      return sums
    }
  }
}

struct Sum: Equatable {
  var requests = 0
  var errors = 0

  static func + (a: Sum, b: Sum) -> Sum {
    Sum(requests: a.requests + b.requests, errors: a.errors + b.errors)
  }
}

/// Where the load balancers of a running lab answer.
struct Site {
  var balancers: [(host: String, port: UInt16)]

  init(of lab: SupervisedLab) throws {
    let text = try String(contentsOfFile: lab.layout, encoding: .utf8)
    balancers = try text.split(separator: "\n").filter { $0.contains("haproxy: /") }.map { line in
      let address = try #require(line.split(separator: "\"").dropFirst().first)
      let parts = address.split(separator: ":")
      return (String(parts[0]), try #require(UInt16(parts[1])))
    }
    try #require(balancers.count == 2)
  }
}
