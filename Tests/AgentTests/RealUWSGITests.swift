import CSystem
import Cluster
import Platform
import TestSupport
import Testing

@testable import Agent

/// Against the installed uWSGI. Where there is none these tests fail: the test command installs it.
@Suite(.serialized) struct RealUWSGITests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    try scratch.write(
      """
      def application(environ, start_response):
          if environ["PATH_INFO"] == "/fail":
              raise ValueError("as asked for")
          start_response("200 OK", [("Content-Type", "text/plain")])
          return [b"hello"]
      """, to: "app.py")
  }

  private func server(port: UInt16, _ options: [String], until address: tt_address) throws -> RealServer {
    try RealServer(
      "uwsgi",
      [
        "--plugin", "python3", "--http-socket", "127.0.0.1:\(port)", "--master", "--processes", "2",
        "--wsgi-file", scratch.file("app.py"), "--need-app",
      ] + options, log: scratch.file("log"),
      until: [numericAddress("127.0.0.1", port: port), address])
  }

  private func reading(_ text: String) throws -> Reading? {
    let endpoint = try Endpoint(parsing: text, of: .uwsgi)
    return try firstReadings(of: [Source(node: NodeName("app1"), system: .uwsgi, endpoint: endpoint)]).first
  }

  @Test func theRequestsAndExceptionsAreThoseThatWereSent() throws {
    let (port, stats) = (try freePort(), try freePort())
    let server = try server(
      port: port, ["--stats", "127.0.0.1:\(stats)"], until: numericAddress("127.0.0.1", port: stats))
    for _ in 0..<8 { try get("/", port: port) }
    for _ in 0..<2 { try get("/fail", port: port) }
    var status: WorkerStatus?
    // A request is counted when it is over, which is after its answer.
    try EventLoop().run(until: {
      let reading = try reading("tcp://127.0.0.1:\(stats)")
      status = try #require(reading?.workers, "\(String(describing: reading?.failure))")
      return status?.requests == 10 && status?.busy == 0
    })
    #expect(status?.errors == 2 && (status?.microseconds ?? 0) > 0 && status?.idle == 2 && status?.queue == 0)
    #expect(server.child.isRunning)
  }

  @Test func itsStatisticsAreReadOverAUnixSocketAndOverHTTP() throws {
    let port = try freePort()
    let local = try server(
      port: port, ["--stats", scratch.file("stats.sock")], until: unixAddress(scratch.file("stats.sock")))
    #expect(try reading(scratch.file("stats.sock"))?.workers?.idle == 2)
    #expect(local.child.isRunning)
    let (second, stats) = (try freePort(), try freePort())
    let page = try server(
      port: second, ["--stats", "127.0.0.1:\(stats)", "--stats-http"],
      until: numericAddress("127.0.0.1", port: stats))
    #expect(try reading("http://127.0.0.1:\(stats)/")?.workers?.idle == 2)
    #expect(page.child.isRunning)
  }
}
