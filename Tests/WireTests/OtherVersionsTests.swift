import Cluster
import Testing
import Wire

/// Headers of other versions, as published in those versions' own documentation and exporters' sources.
@Suite struct OtherVersionsTests {
  static let v14 =
    "# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,"
    + "weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,"
    + "rate_lim,rate_max,check_status,check_code,check_duration,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,"
    + "hrsp_other,hanafail,req_rate,req_rate_max,req_tot,cli_abrt,srv_abrt,"
  static let v15 =
    v14 + "comp_in,comp_out,comp_byp,comp_rsp,lastsess,last_chk,last_agt,qtime,ctime,rtime,ttime,"
  static let v18 =
    v15 + "agent_status,agent_code,agent_duration,check_desc,agent_desc,check_rise,check_fall,check_health,"
    + "agent_rise,agent_fall,agent_health,addr,cookie,mode,algo,conn_rate,conn_rate_max,conn_tot,intercepted,"
    + "dcon,dses,"
  static let v22 =
    v18 + "wrew,connect,reuse,cache_lookups,cache_hits,srv_icur,src_ilim,qtime_max,ctime_max,rtime_max,"
    + "ttime_max,eint,idle_conn_cur,safe_conn_cur,used_conn_cur,need_conn_est,"
  static let v23 =
    v22 + "uweight,-,h2_headers_rcvd,h2_data_rcvd,h2_settings_rcvd,h2_rst_stream_rcvd,h2_goaway_rcvd,"
    + "h2_detected_conn_protocol_errors,h2_detected_strm_protocol_errors,h2_rst_stream_resp,h2_goaway_resp,"
    + "h2_open_connections,h2_backend_open_streams,h2_open_connections,h2_backend_open_streams,"
  static let v30 =
    v22 + "uweight,agg_server_status,agg_server_check_status,agg_check_status,srid,sess_other,h1sess,h2sess,"
    + "h3sess,req_other,h1req,h2req,h3req,proto,-,ssl_sess,ssl_reused_sess,ssl_failed_handshake,"

  /// A row with the given values, and nothing in all other columns.
  static func row(_ header: String, _ values: [String: String]) -> String {
    header.dropFirst(2).split(separator: ",", omittingEmptySubsequences: false)
      .map { values[String($0)] ?? "" }.joined(separator: ",")
  }

  @Test(arguments: [v14, v15, v18, v22, v23, v30])
  func everyVersionsColumnsAreFoundByName(header: String) throws {
    let values = [
      "pxname": "web", "svname": "web1", "type": "2", "status": "UP", "stot": "7", "req_tot": "6",
      "srv_abrt": "5", "ttime": "4", "addr": "10.0.0.1:80", "mode": "http", "algo": "", "dses": "3",
      "ttime_max": "2", "uweight": "1", "-": "-", "srid": "9",
    ]
    let reply = "\(header)\n\(Self.row(header, values))\n\n"
    let table = try parse(reply)
    #expect(dump(table) == plainDump(Array(reply.utf8)))
    #expect(table[0, .srvAbrt] == 5)
    #expect(table[0, .uweight] == (header.contains("uweight") ? 1 : nil))
    #expect(table[0, .dses] == (header.contains("dses") ? 3 : nil))
    #expect(table.roster.rows[0].address == (header.contains("addr") ? "10.0.0.1:80" : ""))
  }

  @Test func aNewVersionBehindTheSamePathIsReadAfresh() throws {
    var parser = StatParser()
    for header in [Self.v18, Self.v30, Self.v18] {
      let reply =
        "\(header)\n\(Self.row(header, ["pxname": "w", "svname": "s", "type": "2", "uweight": "8"]))\n\n"
      let bytes = Array(reply.utf8)
      #expect(dump(try parser.parse(bytes.span, ending: .emptyLine)) == plainDump(bytes))
    }
  }
}
