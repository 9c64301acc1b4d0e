import Cluster
import Testing

@testable import Dashboard

/// How the map tells who counted what flows between the tiers.
@Suite struct EdgeTests {
  private static let rates: [EdgeRate?] = [
    .counted(12_400), .inferred(12_400), .connections(12_400), .inferred(0), nil,
  ]

  @Test func whatIsInferredLooksDifferentWithoutAnyColour() {
    let unicode = EdgeTests.rates.map { $0.words(Glyphs(isUnicode: true)) }
    #expect(unicode == ["12.4k/s", "≈12.4k/s", "12.4k conn/s", "≈0/s", "-"])
    let ascii = EdgeTests.rates.map { $0.words(Glyphs(isUnicode: false)) }
    #expect(ascii == ["12.4k/s", "~12.4k/s", "12.4k conn/s", "~0/s", "-"])
    let narrow = EdgeTests.rates.map { $0.words(Glyphs(isUnicode: true), width: 8) }
    #expect(narrow == ["12.4k/s", "≈12.4k/s", "12.4kc/s", "≈0/s", "-"])
    #expect(EdgeTests.rates.map(\.style.emphasis) == [[], .dim, [], .dim, []])
  }

  @Test func theHelpExplainsEach() {
    var site = Site.usual()
    let help = HelpScreen(state: site.dashboard(ticks: 1)).lines(width: 80).flatMap(\.runs).map(\.text)
    for rate in EdgeTests.rates { #expect(help.contains(rate.meaning)) }
  }

  @Test(arguments: [(80, 24), (140, 40)]) func aWholeSiteInASCII(size: (Int, Int)) {
    let (width, height) = size
    var site = Site.whole()
    let state = site.dashboard(isUnicode: false, size: Size(width: width, height: height))
    expectScreen(state.grid, "whole-map-\(width)x\(height)-ascii")
  }

  /// Nginx asks the application itself, as the firewalls have it, and no load balancer knows of it.
  @Test(arguments: [(80, 24), (140, 40)]) func whatNobodyPassesOnIsInferred(size: (Int, Int)) {
    let (width, height) = size
    var site = Site.whole().withoutServers(of: "app")
    var state = site.dashboard(size: Size(width: width, height: height))
    expectScreen(state.grid, "inferred-map-\(width)x\(height)")
    // Once one application server does not answer any more, it is left out.
    site.systems["app1 gunicorn"] = nil
    site.run(&state, ticks: 5)
    #expect(state.grid.text.contains("≈3.2k/s"))
    // Once none does, the firewall between still counts.
    for place in 2...3 { site.systems["app\(place) gunicorn"] = nil }
    site.run(&state, ticks: 5)
    #expect(state.grid.text.contains(width == 80 ? "120 conn/s" : "120c/s"))
  }
}

extension Site {
  /// The same site, in which no load balancer knows a backend.
  fileprivate func withoutServers(of backend: String) -> Site {
    var site = Site(layout: layout, servers: servers.filter { $0.backend != backend })
    site.systems = systems
    return site
  }
}
