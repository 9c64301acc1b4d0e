/// A `show stat` reply of any size, shaped like those of a busy HAProxy in HTTP mode.
struct StatReply {
  /// The columns: of HAProxy 2.2, about 100, or of 2.6, which adds the counters of the protocols.
  enum Version: String {
    case v22 = "2.2", v26 = "2.6"

    var header: String {
      let common =
        "# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,"
        + "status,weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,"
        + "type,rate,rate_lim,rate_max,check_status,check_code,check_duration,hrsp_1xx,hrsp_2xx,hrsp_3xx,"
        + "hrsp_4xx,hrsp_5xx,hrsp_other,hanafail,req_rate,req_rate_max,req_tot,cli_abrt,srv_abrt,comp_in,"
        + "comp_out,comp_byp,comp_rsp,lastsess,last_chk,last_agt,qtime,ctime,rtime,ttime,agent_status,"
        + "agent_code,agent_duration,check_desc,agent_desc,check_rise,check_fall,check_health,agent_rise,"
        + "agent_fall,agent_health,addr,cookie,mode,algo,conn_rate,conn_rate_max,conn_tot,intercepted,dcon,"
        + "dses,wrew,connect,reuse,cache_lookups,cache_hits,srv_icur,src_ilim,qtime_max,ctime_max,rtime_max,"
        + "ttime_max,eint,idle_conn_cur,safe_conn_cur,used_conn_cur,need_conn_est,"
      switch self {
      case .v22: return common
      case .v26:
        return common
          + "uweight,agg_server_status,agg_server_check_status,agg_check_status,-,ssl_sess,ssl_reused_sess,"
          + "ssl_failed_handshake,h2_headers_rcvd,h2_data_rcvd,h2_settings_rcvd,h2_rst_stream_rcvd,"
          + "h2_goaway_rcvd,h2_detected_conn_protocol_errors,h2_detected_strm_protocol_errors,"
          + "h2_rst_stream_resp,h2_goaway_resp,h2_open_connections,h2_backend_open_streams,"
          + "h2_total_connections,h2_backend_total_streams,h1_open_connections,h1_open_streams,"
          + "h1_total_connections,h1_total_streams,h1_bytes_in,h1_bytes_out,h1_spliced_bytes_in,"
          + "h1_spliced_bytes_out,"
      }
    }

    /// What stands behind `need_conn_est` in a server's row.
    var tail: String {
      switch self {
      case .v22: ""
      case .v26: "1,,,,-,0,0,0,,,,,,,,,,,,,,,,,,,,,,"
      }
    }
  }

  let bytes: [UInt8]

  /// Servers of 100 to a backend; `tick` moves the counters on, `checking` of a hundred have a check running.
  init(_ version: Version, rows: Int, tick: Int, checking: Int = 0) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows * 300)
    func line(_ text: String) {
      bytes.append(contentsOf: text.utf8)
      bytes.append(UInt8(ascii: "\n"))
    }
    line(version.header)
    for row in 0..<rows {
      let (backend, server) = (row / 100, row % 100)
      let requests = (row * 7919) % 1_000_000 + tick * (row % 13)
      let isChecking = checking > 0 && (row + tick) % 100 < checking
      let answers =
        "0,\(requests - requests / 50),\(requests / 100),\(requests / 100),\(requests / 1000),0"
      line(
        "app-\(backend),web\(server + 1),0,0,\(row % 40),\(row % 90 + 20),,\(requests),\(requests * 812),"
          + "\(requests * 14_211),,0,,\(row % 3),\(row % 5),\(row % 7),0,UP,1,1,0,\(row % 4),0,"
          + "\(3600 + tick),0,,1,\(backend + 2),\(server + 1),,\(requests),,2,\(row % 60),,\(row % 300),"
          + "\(isChecking ? "* " : "")L7OK,200,\(row % 9),\(answers),,,,\(requests),\(row % 11),\(row % 6),"
          + ",,,,\(row % 3),,,0,\(row % 3),\(row % 50),\(row % 200),,,,Layer7 check passed,,2,3,4,,,,"
          + "10.\(backend % 250).2.\(server):80,,http,,,,,,,,0,\(requests / 9),\(requests / 9 * 8),,,0,,0,"
          + "\(row % 20),\(row % 400),\(row % 900),0,0,\(row % 4),\(row % 8),\(row % 9),\(version.tail)")
    }
    bytes.append(UInt8(ascii: "\n"))
    self.bytes = bytes
  }

  var columns: Int {
    var commas = 0
    for byte in bytes {
      if byte == UInt8(ascii: "\n") { break }
      if byte == UInt8(ascii: ",") { commas += 1 }
    }
    return commas + 1
  }
}

/// A `show servers state` reply for as many servers.
struct ServerStateReply {
  let bytes: [UInt8]

  init(rows: Int, tick: Int) {
    var text =
      "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight "
      + "srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state "
      + "srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl "
      + "srv_check_port srv_check_addr srv_agent_addr srv_agent_port\n"
    for row in 0..<rows {
      let (backend, server) = (row / 100, row % 100)
      text +=
        "\(backend + 2) app-\(backend) \(server + 1) web\(server + 1) 10.\(backend % 250).2.\(server) 2 0 1 1 "
        + "\(3600 + tick) 15 3 4 6 0 0 0 - 80 - 0 0 - - 0\n"
    }
    bytes = Array((text + "\n").utf8)
  }
}
