import Testing

@testable import Cluster

struct EndpointTests {
  @Test(arguments: [
    "/run/haproxy/admin.sock", "tcp://10.0.0.1:9999", "tcp://lb1.example.com:1", "tcp://[2001:db8::1]:9999",
    "http://10.0.0.1:8404/stats;csv", "https://[::1]:8404/a/b?c=d;csv",
    "http+unix:///run/a b.sock:/stats;csv",
  ])
  func anEndpointReadsBackAsItIsWritten(text: String) throws {
    #expect(try Endpoint(haproxy: text).description == text)
  }

  @Test(arguments: [
    "ssh://lb1", "ssh://ops@lb1.example.com", "ssh://o_p-s.1@10.0.0.1:2222", "ssh://a@[::1]:22",
  ])
  func anSSHHostReadsBackAsItIsWritten(text: String) throws {
    #expect(try SSHHost(parsing: text).description == text)
  }

  @Test(arguments: [
    ("run/a.sock", EndpointFault.scheme), ("", .scheme), ("HTTP://h/", .scheme), ("ssh://h", .scheme),
    ("/run/\u{7}", .path), ("/run/\u{202E}a", .path), ("/" + String(repeating: "a", count: 107), .path),
    ("tcp://h", .port), ("tcp://h:0", .port), ("tcp://h:1x", .port), ("tcp://h:1:2", .port),
    ("tcp://:1", .host),
    ("tcp://-h:1", .host), ("tcp://a b:1", .host), ("tcp://[::1:1", .host), ("tcp://[::1]1", .port),
    ("tcp://[10.0.0.1]:1", .host), ("tcp://u@h:1", .secret), ("tcp://", .host),
    ("http:///x", .host), ("http://u:p@h/", .secret), ("http://h:70000/", .port), ("http://h/\n", .page),
    ("http://h/é", .page), ("http://h?x", .page), ("http+unix://run/a:/b", .path),
    ("http+unix:///run/a", .page),
    ("http+unix:///run/a:b", .page), ("http+unix://:/b", .path),
  ])
  func whatIsNoEndpointSaysWhy(text: String, fault: EndpointFault) {
    #expect(throws: fault) { try Endpoint(haproxy: text) }
  }

  @Test(arguments: [
    ("ssh://-oProxyCommand=x", EndpointFault.host), ("ssh://-l@h", .user), ("ssh://@h", .user),
    ("ssh://u@", .host),
    ("ssh://u:p@h", .secret), ("ssh://h;x", .host), ("ssh://h x", .host), ("ssh://h\n", .host),
    ("ssh://$(x)", .host), ("ssh://`x`", .host), ("ssh://%h", .host), ("ssh://h/", .host),
    ("ssh://h:", .port),
    ("ssh://h:-1", .port), ("ssh://a@b@h", .user), ("ssh://\u{FF48}", .host), ("h", .scheme),
  ])
  func whatCouldBeAnOptionOrACommandIsNoSSHHost(text: String, fault: EndpointFault) {
    #expect(throws: fault) { try SSHHost(parsing: text) }
  }
}
