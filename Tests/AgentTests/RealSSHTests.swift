import Cluster
import Foundation
import Glibc
import Platform
import TestSupport
import Testing

@testable import Agent

/// Through the installed OpenSSH client and server, on loopback, as whoever runs the tests. Where they are
/// missing these tests fail: the test command installs them.
@Suite(.serialized) struct RealSSHTests {
  private let scratch: Scratch
  private let port: UInt16
  private let server: RealServer
  private let host: SSHHost

  init() throws {
    scratch = try Scratch()
    port = try freePort()
    for key in ["host", "user"] {
      let keygen = try ChildProcess(
        Command("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", scratch.file(key)]))
      try #require(keygen.waitUntilExit().isSuccess)
    }
    try scratch.write(try scratch.text("user.pub"), to: "authorized")
    try scratch.write(
      """
      Port \(port)
      ListenAddress 127.0.0.1
      HostKey \(scratch.file("host"))
      PidFile none
      UsePAM no
      StrictModes no
      PasswordAuthentication no
      KbdInteractiveAuthentication no
      AuthorizedKeysFile \(scratch.file("authorized"))
      PermitRootLogin prohibit-password
      """, to: "sshd_config")
    try scratch.write(
      """
      Host *
        IdentityFile \(scratch.file("user"))
        IdentitiesOnly yes
        UserKnownHostsFile \(scratch.file("known"))
        GlobalKnownHostsFile /dev/null
      """, to: "ssh_config")
    let hostKey = try String(contentsOfFile: scratch.file("host.pub"), encoding: .utf8)
    try scratch.write("[127.0.0.1]:\(port) \(hostKey)", to: "known")
    host = SSHHost(user: NSUserName(), host: "127.0.0.1", port: port)
    // Run by root, sshd wants this empty directory, which its service would have made.
    if geteuid() == 0 { mkdir("/run/sshd", 0o755) }
    server = try RealServer(
      "sshd", ["-D", "-e", "-f", scratch.file("sshd_config")], log: scratch.file("log"),
      until: [numericAddress("127.0.0.1", port: port)])
  }

  private var options: AgentOptions {
    var options = AgentOptions()
    options.warmUp = false
    options.sshOptions = ["-F", scratch.file("ssh_config")]
    return options
  }

  private func source(_ endpoint: Endpoint, _ system: Source.System = .haproxy) -> Source {
    Source(node: NodeName("far"), system: system, endpoint: endpoint, via: .ssh(host))
  }

  private static let statusPage: [UInt8] = {
    let body =
      "Active connections: 2 \nserver accepts handled requests\n 10 10 20 \n"
      + "Reading: 0 Writing: 1 Waiting: 1 \n"
    return Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
  }()

  @Test func socketsAndPortsOfAHostAreReadThroughOneClient() throws {
    let loop = try EventLoop()
    let socket = try FakePeer(path: scratch.file("far.sock"), script: .reply(Replies.poll), loop: loop)
    let tcp = try FakePeer(at: numericAddress("127.0.0.1"), script: .reply(Replies.poll), loop: loop)
    let tcp6 = try FakePeer(at: numericAddress("::1"), script: .reply(Replies.poll), loop: loop)
    let page = try FakePeer(at: numericAddress("127.0.0.1"), script: .reply(Self.statusPage), loop: loop)
    let sources = [
      source(.unix(path: scratch.file("far.sock"))),
      source(.tcp(host: "127.0.0.1", port: tcp.port)),
      source(.tcp(host: "::1", port: tcp6.port)),
      source(.http(HTTPEndpoint(url: "http://localhost:\(page.port)/nginx_status")), .nginx),
    ]
    let agent = Agent(
      plan: PollPlan(interval: .seconds(20), sources: sources), loop: loop, options: options)
    var readings: [Int: Reading] = [:]
    agent.onReading = { readings[$0.source.index] = $0 }
    agent.start()
    try loop.run(until: { readings.count == sources.count })
    for place in 0..<3 {
      #expect(readings[place]?.proxy?.info?.pid == 4711, "\(String(describing: readings[place]?.failure))")
    }
    #expect(readings[3]?.web?.requests == 20, "\(String(describing: readings[3]?.failure))")
    #expect(page.requests.first?.contains("Host: localhost:\(page.port)\r\n") == true)
    agent.stop()
    withExtendedLifetime(socket) {}
  }

  @Test func databasesAreReadThroughTheTunnel() throws {
    let maria = try RealMariaDB("maria", in: scratch)
    try maria.run("CREATE USER tiertop@'127.0.0.1' IDENTIFIED BY 'hush'")
    try maria.run("GRANT SLAVE MONITOR ON *.* TO tiertop@'127.0.0.1'")
    let postgres = try RealPostgres("postgres", in: scratch)
    try postgres.run("CREATE ROLE tiertop LOGIN PASSWORD 'hush'; GRANT pg_monitor TO tiertop")
    try scratch.write("hush", to: "password")
    let credentials = Credentials(user: "tiertop", password: .file(path: scratch.file("password")))
    func database(_ place: DatabaseEndpoint.Place) -> Endpoint {
      .database(DatabaseEndpoint(place: place, credentials: credentials))
    }
    let readings = try firstReadings(
      of: [
        source(database(.tcp(host: "127.0.0.1", port: maria.port)), .mariadb),
        source(database(.tcp(host: "127.0.0.1", port: postgres.port)), .postgresql),
        source(database(.unix(path: postgres.socket)), .postgresql),
      ], options: options)
    for reading in readings {
      #expect(reading.database?.queries != nil, "\(String(describing: reading.failure))")
    }
  }

  @Test func anExchangeGoesThroughTheTunnelToo() throws {
    let loop = try EventLoop()
    let socket = try FakePeer(path: scratch.file("far.sock"), script: .reply(Replies.poll), loop: loop)
    let sources = [source(.unix(path: scratch.file("far.sock"))), source(.unix(path: scratch.file("none")))]
    let agent = Agent(
      plan: PollPlan(interval: .seconds(20), sources: sources), loop: loop, options: options)
    var readings = 0
    agent.onReading = { _ in readings += 1 }
    agent.start()
    try loop.run(until: { readings == 2 })
    let answer = [UInt8](repeating: UInt8(ascii: "x"), count: 100)
    socket.script = .answerEachLine(answer)
    let request = Array((String(repeating: "a line of a change\n", count: 3000) + "quit\n").utf8)
    var ends: [Int: ExchangeEnd] = [:]
    for place in 0..<2 {
      let exchange = agent.exchange(with: SourceID(place), sending: request, deadline: .seconds(20)) {
        ends[place] = $0
      }
      #expect(exchange != nil)
    }
    try loop.run(until: { ends.count == 2 })
    #expect(ends[0]?.failure == nil)
    #expect(ends[0]?.reply.count == 3000 * answer.count)
    // The client took the request before it found that there is nobody to give it to.
    guard case .tunnel? = ends[1]?.failure else {
      Issue.record("\(String(describing: ends[1]?.failure))")
      return
    }
    agent.stop()
  }

  @Test func anUnknownHostKeyIsRefusedWithTheClientsWords() throws {
    try scratch.write("", to: "known")
    let readings = try firstReadings(of: [source(.unix(path: "/run/x.sock"))], options: options)
    #expect(readings.first?.failure == .tunnel(words: "Host key verification failed."))
    // And it is still unknown.
    #expect(try String(contentsOfFile: scratch.file("known"), encoding: .utf8) == "\n")
  }

  @Test func aKeyThatTheHostDoesNotKnowIsRefusedWithTheClientsWords() throws {
    try scratch.write("", to: "authorized")
    let readings = try firstReadings(of: [source(.unix(path: "/run/x.sock"))], options: options)
    guard case .tunnel(let words)? = readings.first?.failure else {
      Issue.record("\(String(describing: readings.first))")
      return
    }
    #expect(words.contains("Permission denied"))
  }

  @Test func aHostThatDoesNotAnswerIsToldInTheClientsWords() throws {
    server.child.send(SIGKILL)
    server.child.waitUntilExit()
    let readings = try firstReadings(of: [source(.unix(path: "/run/x.sock"))], options: options)
    #expect(
      readings.first?.failure
        == .tunnel(words: "ssh: connect to host 127.0.0.1 port \(port): Connection refused"))
  }

  @Test func aSocketThatIsMissingOnTheHostIsToldInTheClientsWords() throws {
    let missing = scratch.file("missing.sock")
    let loop = try EventLoop()
    let sources = [
      source(.unix(path: missing)),
      source(.http(HTTPEndpoint(url: "http://localhost/", socketPath: missing)), .nginx),
    ]
    let agent = Agent(
      plan: PollPlan(interval: .seconds(2), sources: sources), loop: loop, options: options)
    // The connection may end before the client has said why; with a later poll it has.
    var words: [SourceID: String] = [:]
    agent.onReading = { reading in
      if case .tunnel(let said)? = reading.failure { words[reading.source] = said }
    }
    agent.start()
    try loop.run(until: { words.count == 2 && words.values.allSatisfy { $0.contains("open failed") } })
    agent.stop()
  }

  @Test func aTunnelWhoseClientIsKilledComesBack() throws {
    let loop = try EventLoop()
    let peer = try FakePeer(path: scratch.file("far.sock"), script: .reply(Replies.poll), loop: loop)
    let directory = try TunnelDirectory(in: [scratch.path])
    let tunnel = SSHTunnel(
      to: host, in: directory, client: SSHClient(options: options.sshOptions), loop: loop,
      generator: Dice(.max))
    var states: [SSHTunnel.State] = []
    tunnel.onChange = { states.append($0) }
    let local = tunnel.socket(for: .unix(path: scratch.file("far.sock")))
    tunnel.start()
    try loop.run(until: { states == [.open] })
    let pid = try #require(tunnel.clientID)
    kill(pid, SIGKILL)
    try loop.run(until: { states.count == 3 })
    #expect(states == [.open, .closed(words: "ssh ended"), .open])
    #expect(tunnel.clientID != pid)

    let transport = StreamTransport(to: .unix(path: local), request: [10], limit: 1 << 20, loop: loop)
    var isEnded = false
    transport.begin(deadline: Deadline(.seconds(20), from: loop.now.uptime)) { _ in isEnded = true }
    try loop.run(until: { isEnded })
    #expect(transport.received == Replies.poll)
    withExtendedLifetime(peer) {}
  }

  @Test func nothingIsLeftWhenTheAgentIsStopped() throws {
    let loop = try EventLoop()
    let peer = try FakePeer(path: scratch.file("far.sock"), script: .reply(Replies.poll), loop: loop)
    let parent = scratch.file("run")
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: false)
    let tunnels = Tunnels(loop: loop, client: SSHClient(options: options.sshOptions), in: [parent])
    let (_, local) = tunnels.entrance(to: .unix(path: scratch.file("far.sock")), through: host)
    var isOpen = false
    tunnels.onOpen = { _ in isOpen = true }
    tunnels.start()
    try loop.run(until: { isOpen })
    let directory = URL(fileURLWithPath: local).deletingLastPathComponent().path
    let permissions = try FileManager.default.attributesOfItem(atPath: directory)[.posixPermissions]
    #expect((permissions as? NSNumber)?.intValue == 0o700)
    tunnels.stop()
    #expect(try FileManager.default.contentsOfDirectory(atPath: parent).isEmpty)
    withExtendedLifetime(peer) {}
  }
}

struct SSHClientTests {
  private func arguments(_ host: SSHHost, _ target: SSHTunnel.Target, socket: String = "/d/0") -> [String] {
    SSHClient().arguments(for: host, forwards: [(target, socket)])
  }

  @Test func theClientNeverAsksAndAcceptsNoKeyByItself() {
    let arguments = arguments(SSHHost(host: "h"), .unix(path: "/s"))
    #expect(arguments.contains("BatchMode=yes"))
    #expect(!arguments.contains { $0.contains("StrictHostKeyChecking") })
  }

  @Test func aHostThatLooksLikeAnOptionIsNone() {
    let arguments = arguments(SSHHost(user: "-u", host: "-oProxyCommand=x", port: 2222), .unix(path: "/s"))
    #expect(Array(arguments.suffix(2)) == ["--", "-oProxyCommand=x"])
    #expect(arguments.contains(["-l", "-u"]))
    #expect(arguments.contains(["-p", "2222"]))
  }

  @Test func forwardsNameTheirTargets() {
    let host = SSHHost(host: "h")
    #expect(arguments(host, .unix(path: "/run/a:b%c")).contains(["-L", "/d/0:/run/a\\:b%%c"]))
    #expect(arguments(host, .tcp(host: "::1", port: 80)).contains(["-L", "/d/0:[::1]:80"]))
    #expect(arguments(host, .tcp(host: "localhost", port: 80)).contains(["-L", "/d/0:localhost:80"]))
  }

  @Test func aDirectoryWhosePathIsTooLongIsMadeElsewhere() throws {
    let scratch = try Scratch()
    let long = scratch.file(String(repeating: "x", count: 100))
    try FileManager.default.createDirectory(atPath: long, withIntermediateDirectories: false)
    let directory = try TunnelDirectory(in: [long, "/no/such/parent", scratch.path])
    #expect(directory.path.hasPrefix(scratch.path + "/tiertop-"))
    #expect(throws: SystemError(errno: ENOENT, doing: "mkdtemp")) {
      _ = try TunnelDirectory(in: ["/no/such/parent"])
    }
  }

  @Test func theLastLineIsCutAndMadeVisible() {
    var line = LastLine()
    #expect(line.text == nil)
    for byte in "first\r\nse\u{1B}cond\r\n\n".utf8 { line.append(byte) }
    #expect(line.text == "se\u{241B}cond")
    for _ in 0..<1000 { line.append(0x78) }
    #expect(line.text?.count == LastLine.limit)
  }
}
