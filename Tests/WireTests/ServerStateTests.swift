import Cluster
import Testing
import Wire

@Suite struct ServerStateTests {
  static func table(_ bytes: [UInt8]) throws(ReplyFault) -> ServerStateTable {
    var parser = ServerStateParser()
    return try parser.parse(bytes.span)
  }

  static func table(_ text: String) throws(ReplyFault) -> ServerStateTable { try table(Array(text.utf8)) }

  static let header =
    "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight\n"

  @Test(arguments: [
    ("1_ready", AdminState.ready), ("2_drain", .drain), ("3_maint", .maint), ("4_ready_again", .ready),
  ])
  func whatAnOperatorDidIsReadBack(file: String, state: AdminState) throws {
    let table = try Self.table(try Fixture.bytes("haproxy/2.6.12/lb1_show_servers_state_\(file).txt"))
    #expect(table.rows.map(\.server) == ["web1", "web2"])
    #expect(table.rows.map(\.admin.admin).contains(state))
  }

  @Test func theZooIsRead() throws {
    let table = try Self.table(try Fixture.bytes("haproxy/2.6.12/show_servers_state_zoo.txt"))
    #expect(table.rows.count == 45)
    func row(_ server: String) -> ServerStateTable.Row? { table.rows.first { $0.server == server } }
    #expect(row("a_75")?.weight == 75)
    #expect(row("a_75")?.configuredWeight == 100)
    #expect(row("res")?.admin == .resolutionMaint)
    #expect(row("via_drain")?.admin == .inheritedDrain)
    #expect(row("cfgdis")?.admin == [.forcedMaint, .configuredMaint])
    #expect(row("n404")?.operational == .stopping)
    #expect(row("l4con")?.operational == .stopped)
  }

  /// Seen with 2.6.12: `disabled` in the configuration reads 5, and 4 once an operator has made it ready.
  @Test func aServerThatBeganDisabledAndWasMadeReadyIsReady() {
    #expect(ServerStateTable.AdminFlags(rawValue: 5).admin == .maint)
    #expect(ServerStateTable.AdminFlags(rawValue: 4).admin == .ready)
  }

  @Test func aTableCutAnywhereIsAFault() throws {
    let bytes = try Fixture.bytes("haproxy/2.6.12/show_servers_state_zoo.txt")
    for cut in bytes.indices {
      #expect(throws: ReplyFault.self, "cut at \(cut)") { try Self.table(Array(bytes[..<cut])) }
    }
  }

  @Test func oneParserReadsTablesThatChange() throws {
    var parser = ServerStateParser()
    for file in ["zoo", "lb1_1_ready", "lb1_2_drain", "zoo", "zoo"] {
      let name = file == "zoo" ? "show_servers_state_zoo" : "lb1_show_servers_state_\(file.dropFirst(4))"
      let bytes = try Fixture.bytes("haproxy/2.6.12/\(name).txt")
      #expect(try parser.parse(bytes.span) == Self.table(bytes))
    }
  }

  @Test func columnsMayBeInAnyOrder() throws {
    let table = try Self.table(
      "1\n# srv_iweight srv_name new srv_op_state be_name srv_admin_state srv_uweight\n10 s1 x 2 b1 8 5\n\n")
    #expect(
      table.rows == [
        .init(
          backend: "b1", server: "s1", operational: .running, admin: .forcedDrain, weight: 5,
          configuredWeight: 10)
      ])
  }

  @Test func brokenTablesAreFaults() {
    #expect(throws: ReplyFault.notServersState(beginning: "Permission denied")) {
      try Self.table("Permission denied\n\n")
    }
    #expect(throws: ReplyFault.notServersState(beginning: "")) { try Self.table("") }
    #expect(throws: ReplyFault.notServersState(beginning: "1")) { try Self.table("1\nweb\n\n") }
    #expect(throws: ReplyFault.missingColumn("srv_op_state")) { try Self.table("1\n# be_name srv_name\n\n") }
    #expect(throws: ReplyFault.brokenRow(line: 3)) {
      try Self.table("\(Self.header)3 web 1 web1 a 2 0 1\n\n")
    }
    #expect(throws: ReplyFault.notANumber("x", column: "srv_op_state", line: 4)) {
      try Self.table("\(Self.header)3 web 1 web1 a 2 0 1 1\n3 web 1 web1 a x 0 1 1\n\n")
    }
  }

  @Test func aStateThatIsNotKnownIsLeftOut() throws {
    let table = try Self.table("\(Self.header)3 web 1 web1 a 7 0 1 1\n3 web 2 web2 a 2 0 1 1\n\n")
    #expect(table.rows.map(\.server) == ["web2"])
  }
}
