import Cluster
import LayoutFile
import TestSupport
import Testing

struct LayoutWritingTests {
  @Test(arguments: ShippedLayouts.names)
  func aShippedLayoutWrittenAndReadIsTheSame(name: String) throws {
    let layout = try LayoutFile.read(path: ShippedLayouts.path(name))
    let text = LayoutFile.text(of: layout, origin: "Discovered\nx: at /run/a.sock")
    #expect(try LayoutFile.layout(from: Array(text.utf8)) == layout)
  }

  @Test func aRandomLayoutWrittenAndReadIsTheSame() throws {
    var maker = LayoutMaker(random: SeededRandom(seed: 7))
    for _ in 0..<300 {
      let layout = maker.layout()
      let text = LayoutFile.text(of: layout)
      do {
        let again = try LayoutFile.layout(from: Array(text.utf8))
        #expect(again == layout, "\(text)")
      } catch {
        Issue.record("\(error.wording(in: "f"))\n\(text)")
      }
    }
  }

  @Test func aLayoutOfTenThousandNodesFitsIntoAFile() throws {
    var layout = Layout(cluster: "large", tiers: [Layout.Tier(name: TierName("web"))])
    for number in 0..<10_000 {
      layout.tiers[0].nodes.append(
        Layout.Node(
          name: NodeName("web\(number)"),
          address: SocketAddress(host: "10.1.\(number / 250).\(number % 250)", port: 8080)))
    }
    #expect(try LayoutFile.layout(from: Array(LayoutFile.text(of: layout).utf8)) == layout)
  }

  @Test func aSourceWithoutANodeIsLeftAsAComment() throws {
    var layout = Layout(
      cluster: "c", tiers: [Layout.Tier(name: TierName("t"), nodes: [Layout.Node(name: NodeName("n"))])])
    layout.unplaced = [
      Source(
        node: NodeName("x"), system: .nginx, endpoint: .http(HTTPEndpoint(url: "http://h/status")), via: nil)
    ]
    let text = LayoutFile.text(of: layout)
    #expect(text.contains("nginx: \"http://h/status\"\n"))
    layout.unplaced = []
    #expect(try LayoutFile.layout(from: Array(text.utf8)) == layout)
  }

  @Test(arguments: ["1s", "500ms", "2m", "1h", "1500ms", "90s", "100us"])
  func aDurationIsWrittenAsItIsRead(text: String) throws {
    let duration = try #require(Duration(parsing: text))
    #expect(duration.layoutText == text)
  }

  @Test(arguments: [
    "", "s", "1", "1S", "1 s", "-1s", ".5s", "1.s", "1.2345s", "1..5s", "1e3s", "1m30s", "１s", "0x1s",
  ])
  func whatIsNoDurationIsRefused(text: String) {
    #expect(Duration(parsing: text) == nil)
  }

  @Test func fractionsOfADurationAreExact() {
    #expect(Duration(parsing: "1.5s") == .milliseconds(1500))
    #expect(Duration(parsing: "0.25h") == .seconds(900))
    #expect(Duration(parsing: "0.001ms") == .microseconds(1))
    #expect(Duration(parsing: "999999999h") == nil)
  }
}
