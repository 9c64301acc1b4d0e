import Testing

@testable import Cluster

struct SocketAddressTests {
  @Test(arguments: [
    ("10.77.2.11:80", "10.77.2.11:80"),
    ("0.0.0.0:1", "0.0.0.0:1"),
    ("255.255.255.255:65535", "255.255.255.255:65535"),
    ("[::1]:80", "[::1]:80"),
    ("[::]:80", "[::]:80"),
    ("[2001:DB8:0:0:0:0:0:1]:443", "[2001:db8::1]:443"),
    ("[2001:0db8::0001]:443", "[2001:db8::1]:443"),
    ("[2001:db8:0:1:1:1:1:1]:1", "[2001:db8:0:1:1:1:1:1]:1"),
    ("[2001:db8::1:1:1:1:1]:1", "[2001:db8:0:1:1:1:1:1]:1"),
    ("[2001:0:0:1:0:0:0:1]:1", "[2001:0:0:1::1]:1"),
    ("[2001:db8:0:0:1:0:0:1]:1", "[2001:db8::1:0:0:1]:1"),
    ("[fe80::]:1", "[fe80::]:1"),
    ("[1:2:3:4:5:6:7::]:1", "[1:2:3:4:5:6:7:0]:1"),
    ("[64:ff9b::10.0.0.1]:1", "[64:ff9b::a00:1]:1"),
    ("[::ffff:10.0.0.1]:80", "10.0.0.1:80"),
    ("[::FFFF:a00:1]:80", "10.0.0.1:80"),
    ("[0:0:0:0:0:ffff:10.0.0.1]:80", "10.0.0.1:80"),
  ])
  func anAddressIsReadInCanonicalForm(text: String, canonical: String) {
    #expect(SocketAddress(parsing: text)?.description == canonical)
    #expect(SocketAddress(parsing: canonical)?.description == canonical)
  }

  @Test(arguments: [
    "", ":", ":80", "10.0.0.1", "10.0.0.1:", "10.0.0.1:0", "10.0.0.1:65536", "10.0.0.1:080", "10.0.0.1:+80",
    "10.0.0.1:8 0", "10.0.0.1:99999999999999999999", "10.0.0:80", "10.0.0.0.1:80", "10.0.0.256:80",
    "010.0.0.1:80", "10.0.0.1 :80", "web1:80", "[10.0.0.1]:80", "::1:80", "[::1:80", "::1]:80", "[]:80",
    "[:]:80", "[:::]:80", "[1::2::3]:80", "[1:2:3:4:5:6:7]:80", "[1:2:3:4:5:6:7:8:9]:80",
    "[:1:2:3:4:5:6:7]:80",
    "[1:2:3:4:5:6:7:]:80", "[1:2:3:4:5:6:7:8::]:80", "[12345::]:80", "[g::]:80", "[fe80::1%eth0]:80",
    "[::10.0.0.256]:80", "[10.0.0.1::]:80", "[1:2:3:4:5:6:7:10.0.0.1]:80", "unix", "/run/a.sock", "é:80",
    "[\u{FF11}::]:80",
  ])
  func whatIsNotANumericAddressWithAPortIsRefused(text: String) {
    #expect(SocketAddress(parsing: text) == nil)
  }

  @Test func everyPairOfZeroRunsReadsBackAsItself() throws {
    for mask in 0..<256 {
      let groups = (0..<8).map { mask >> $0 & 1 == 0 ? "0" : "a\($0)" }
      let long = try #require(IPAddress(parsing: groups.joined(separator: ":")))
      #expect(IPAddress(parsing: long.description) == long)
      #expect(long.description.utf8.count <= groups.joined(separator: ":").utf8.count)
    }
  }
}
