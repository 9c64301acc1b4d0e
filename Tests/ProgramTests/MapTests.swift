import Foundation
import Testing

extension ProgramTests {
  /// The maps of all designs, as they stand on this machine: everybody is on it, and all is well.
  @Suite struct MapTests {
    @Test(arguments: ["active-passive", "active-active", "scale-up", "three-servers", "dedicated-tiers"])
    func everyDesignsMapShowsEverybodyUpAndFiguresThatFlow(name: String) throws {
      let watch = try WatchedSite(name) {
        // The longest of their intervals is five seconds, and no screen is made for a test.
        $0.replacing(/interval: [0-9]+s/, with: "interval: 1s").replacing("view: table", with: "view: map")
      }
      try #require(watch.isCalm(), "\(watch.screen.text)")
      let nodes = watch.layoutText.matches(of: /- \{ node: ([a-z0-9]+),/).map { String($0.output.1) }
      let tiers = watch.layoutText.matches(of: /- tier: ([a-z]+)/).map { String($0.output.1) }
      let entry = watch.layoutText.firstMatch(of: /entry: \{.*/)?.output ?? ""
      let addresses = entry.matches(of: /10\.77\.1\.1[0-9]{2}/).map { String($0.output) }
      #expect(nodes.count >= 5 && tiers.count >= 3)
      for (width, height) in [(140, 40), (80, 24)] {
        watch.screen.resize(width: width, height: height)
        let names = nodes + (width > 100 ? tiers.map { $0.uppercased() } : tiers) + addresses
        #expect(
          holds { names.allSatisfy { watch.screen.text.contains($0) } },
          "\(names) on\n\(watch.screen.text)")
        // Into each tier something flows, and no node's figures are all unknown.
        #expect(
          holds { watch.screen.text.matches(of: /[1-9][0-9.]*k?\/s/).count >= nodes.count },
          "\(watch.screen.text)")
        #expect(watch.isCalm(), "\(watch.screen.text)")
      }
    }
  }
}
