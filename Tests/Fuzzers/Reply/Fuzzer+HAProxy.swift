import FuzzerKit
import Wire

@testable import Cluster

/// What HAProxy says.
extension Fuzzer {
  static let haproxy = [stat, statHeader, poll, info, serversState, changeReply]

  private static let shortHeader =
    "# pxname,svname,qcur,scur,stot,status,weight,act,type,rate,check_status,last_chk,addr,cookie,mode,hrsp_5xx,x\n"
  private static let rows = """
    www,FRONTEND,,1,23,OPEN,,,0,2,,,,,http,0,
    web,web1,0,1,23,UP,100,1,2,7,L7OK,"say ""hi"", twice",10.0.0.1:80,c1,http,1,
    web,web2,0,0,99999999999999999999,DOWN 1/2,-,1,2,7,* L4CON,,10.0.0.2:80,,http,1,
    web,BACKEND,0,1,23,UP,100,1,1,,,,,,http,5,


    """
  private static let servers = """
    1
    # be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight \
    srv_time_since_last_change srv_check_status
    3 web 1 web1 10.0.0.1 2 0 100 100 15 6
    3 web 2 web2 10.0.0.2 0 4 1 100 15 6


    """
  private static let information = """
    Name: HAProxy
    Version: 2.6.12
    Nbthread: 2
    Pid: 4711
    Uptime_sec: 99
    Maxconn: 5000
    CurrConns: 7
    Idle_pct: 98
    node: lb1
    Stopping: 0


    """

  /// Rows below a header that does not change, read by a parser that remembers the reply before, and by one that
  /// does not: both have to say the same.
  private static let stat = Fuzzer(
    name: "show-stat", longest: 1024,
    seeds: texts(rows, "\n", "a,b,1,2,3,UP,1,1,2,4,,,,,,,\n\n", String(rows.dropLast())),
    make: {
      let header = Array(shortHeader.utf8)
      let empty = warmed(with: shortHeader + "\n")
      let usual = warmed(with: shortHeader + rows)
      return { bytes in
        var reply = header
        for index in bytes.indices { reply.append(bytes[index]) }
        let ending: StatParser.Ending = bytes.count & 1 == 0 ? .emptyLine : .endOfInput
        var (fresh, knowing) = (empty, usual)
        let plain = result { () throws(ReplyFault) in try fresh.parse(reply.span, ending: ending) }
        let known = result { () throws(ReplyFault) in try knowing.parse(reply.span, ending: ending) }
        requireSame(plain, known)
        // The same bytes once more are the same table.
        let again = result { () throws(ReplyFault) in try knowing.parse(reply.span, ending: ending) }
        requireSame(known, again)
      }
    })

  private static func warmed(with reply: String) -> StatParser {
    var parser = StatParser()
    _ = try? parser.parse(Array(reply.utf8).span, ending: .emptyLine)
    return parser
  }

  private static func requireSame(
    _ one: Result<StatTable, ReplyFault>, _ other: Result<StatTable, ReplyFault>
  ) {
    switch (one, other) {
    case (.success(let one), .success(let other)):
      require(one.figures == other.figures, "other figures")
      require(one.notes == other.notes, "other notes")
      require(one.roster === other.roster || one.roster.rows == other.roster.rows, "other rows")
      one.notes.forEach(requireShown)
      for row in one.roster.rows {
        for text in [row.proxy, row.name, row.address, row.cookie, row.mode] { requireShown(text) }
      }
    case (.failure(let one), .failure(let other)): require(one == other, "\(one) and then \(other)")
    default: fatalError("\(one) and then \(other)")
    }
  }

  /// All of a table, header and all, as a page and as a reply.
  private static let statHeader = Fuzzer(
    name: "show-stat-header", longest: 512,
    captures: ["WireTests/Fixtures/haproxy/2.6.12/lb1_show_stat.csv"],
    seeds: texts(shortHeader + rows, "# pxname,svname,type,status\na,b,2,UP\n"),
    make: {
      return { bytes in
        var parser = StatParser()
        _ = try? parser.parse(bytes, ending: .emptyLine)
        _ = try? parser.parse(bytes, ending: .endOfInput)
      }
    })

  /// Everything that comes at one poll, all at once and in two pieces: both have to say the same.
  private static let poll = Fuzzer(
    name: "poll", longest: 1536,
    captures: ["WireTests/Fixtures/haproxy/2.6.12/poll_"],
    seeds: texts(
      "Permission denied\n\n" + information + shortHeader + rows + servers + "\n",
      information + shortHeader + rows + servers + "admin\n\n" + "Unknown command: x\n\n",
      "\n[3]: Permission denied\n\n"),
    make: {
      var base = ProxyReader()
      _ = try? base.sample(fromPage: Array((shortHeader + rows.dropLast()).utf8).span)
      let known = base
      return { bytes in
        var (reader, ahead) = (known, known)
        let whole = result { () throws(ReadFailure) in try reader.sample(from: bytes) }
        // Where it is cut is one of its own bytes' doing, so that one input is one cut.
        let cut = bytes.count == 0 ? 0 : Int(bytes[bytes.count / 2]) * bytes.count / 256
        ahead.beginReply()
        ahead.readAhead(bytes.extracting(first: cut / 2))
        ahead.readAhead(bytes.extracting(first: cut))
        let pieces = result { () throws(ReadFailure) in try ahead.sample(from: bytes) }
        switch (whole, pieces) {
        case (.success(let sample), .success(let other)):
          sample.info.map { requireShown($0.version + $0.node) }
          require(
            sample.info == other.info && sample.servers == other.servers && sample.level == other.level,
            "another sample in pieces")
          requireSame(.success(sample.stat), .success(other.stat))
        case (.failure(let one), .failure(let other)): require(one == other, "\(one) and in pieces \(other)")
        default: fatalError("\(whole) and in pieces \(pieces)")
        }
      }
    })

  private static let info = Fuzzer(
    name: "show-info", longest: 1024,
    captures: [
      "WireTests/Fixtures/haproxy/2.6.12/lb1_show_info", "WireTests/Fixtures/haproxy/2.6.12/show_info",
    ],
    seeds: texts(information),
    make: {
      return { bytes in
        guard let info = try? ProxyInfo(parsing: bytes) else { return }
        requireShown(info.version)
        requireShown(info.node)
      }
    })

  private static let serversState = Fuzzer(
    name: "show-servers-state", longest: 768,
    captures: ["WireTests/Fixtures/haproxy/2.6.12/lb1_show_servers_state"], seeds: texts(servers),
    make: {
      var base = ServerStateParser()
      _ = try? base.parse(Array(servers.utf8).span)
      let usual = base
      return { bytes in
        var (fresh, knowing) = (ServerStateParser(), usual)
        let plain = result { () throws(ReplyFault) in try fresh.parse(bytes).rows }
        let known = result { () throws(ReplyFault) in try knowing.parse(bytes).rows }
        require(plain == known, "\(plain) and then \(known)")
        for row in (try? plain.get()) ?? [] {
          requireShown(row.backend)
          requireShown(row.server)
        }
      }
    })

  /// What a load balancer says to a change, on one line and behind prompts.
  private static let changeReply = Fuzzer(
    name: "change-reply", longest: 1024,
    captures: [
      "WireTests/Fixtures/haproxy/2.6.12/change_line", "WireTests/Fixtures/haproxy/2.6.12/change_denied",
    ],
    seeds: texts("\n\n[3]: No such server.\n\n\n\n" + servers + "> \n> \n> " + servers),
    make: {
      let short = [
        step("web1", .set(.drain)), step("web2", .weight(5)), step("web1", .shutdownSessions),
        step("no", .set(.ready)),
      ]
      let long = (0..<120).map { step("a-server-of-a-long-name-\($0)", .set(.drain)) }
      let requests = [short, long].compactMap {
        try? BalancerRequest(Change(steps: $0), to: SourceID(0))
      }
      require(requests.count == 2, "no requests")
      return { bytes in
        let reply = bytes.extracting(min(1, bytes.count)...)
        let request = requests[bytes.count > 0 && bytes[0] & 1 == 1 ? 1 : 0]
        let outcomes = request.outcomes(in: reply, endedBy: nil)
        require(outcomes.count == request.places.count, "a step without an outcome")
        for case .refused(let words) in outcomes.values { requireShown(words) }
      }
    })

  private static func step(_ server: String, _ action: ServerAction) -> Change.Step {
    Change.Step(
      row: ServerRow(balancer: NodeName("lb1"), server: ServerID(backend: "web", server: server)),
      balancer: SourceID(0), action: action, before: Standing(admin: .ready, weight: 1), kind: .send)
  }
}
