import Cluster
import Foundation
import Testing

@testable import LayoutFile

@Suite struct LayoutDiagramTests {
  @Test(arguments: ShippedLayouts.names)
  func theShippedLayoutsAreDrawnAsRecorded(_ name: String) throws {
    let text = LayoutDiagram.text(of: try LayoutFile.layout(from: ShippedLayouts.bytes(name)))
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Diagrams/\(name).mmd")
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(name)")
      return
    }
    #expect(text == (try String(contentsOf: file, encoding: .utf8)))
  }

  @Test(arguments: [
    "\"]", "a\"] --> b[\"x", "`code`", "<img src=x onerror=alert(1)>", "end", "#quot;", "a;b",
    "x\nsubgraph y",
    "%% no", "{{}}", "\u{1B}[2J", "\u{202E}evil", "click a call b()", "- a list", "1. a list", "&lt;", "|x|",
    "",
  ])
  func aNameStaysAName(_ name: String) {
    var layout = Layout(cluster: "x", entry: Layout.Entry(dns: name, vips: [name]))
    layout.tiers = [
      Layout.Tier(name: TierName(name), nodes: [Layout.Node(name: NodeName(name), runs: .nginx)]),
      Layout.Tier(name: TierName("app"), nodes: [Layout.Node(name: NodeName("app1"), of: NodeName(name))]),
    ]
    layout.firewalls = [Layout.Firewall(from: TierName(name), to: TierName("app"), allow: [])]
    var plain = layout
    plain.entry = Layout.Entry(dns: "NAME", vips: ["NAME"])
    plain.tiers[0].name = TierName("NAME")
    plain.tiers[0].nodes[0].name = NodeName("NAME")
    plain.firewalls[0].from = TierName("NAME")
    // The same lines, and within the quotes of a label nothing that ends them, or that a page would take for markup.
    let lines = LayoutDiagram.text(of: layout).split(separator: "\n", omittingEmptySubsequences: false)
    let expected = LayoutDiagram.text(of: plain).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == expected.count)
    for (line, other) in zip(lines, expected) {
      #expect(line.prefix { $0 != "\"" } == other.prefix { $0 != "\"" })
      #expect(line.count { $0 == "\"" } == other.count { $0 == "\"" })
      let label = line.replacing("<br/>", with: "").split(separator: "\"").dropFirst().first ?? ""
      #expect(!label.contains { "<>`{}|&\n\u{1B}\u{202E}".contains($0) }, "\(line)")
    }
  }

  @Test func oneNameForTwoThingsIsTwoThings() {
    var layout = Layout(cluster: "x")
    let node = Layout.Node(name: NodeName("a"), runs: .nginx)
    layout.tiers = [
      Layout.Tier(name: TierName("a"), nodes: [node]), Layout.Tier(name: TierName("b"), nodes: [node]),
    ]
    let text = LayoutDiagram.text(of: layout)
    #expect(text.contains("node0_0[\"a<br/>nginx\"]"))
    #expect(text.contains("node1_0[\"a<br/>nginx\"]"))
    #expect(text.contains("tier0 --> tier1"))
  }
}
