/// Small replies of HAProxy, for peers that pretend to be one.
enum Replies {
  /// What `show cli level` and `operator` are answered on a socket of level admin.
  static let level = "admin\n\n\n"
  static let info = "Name: HAProxy\nVersion: 2.6.12\nPid: 4711\nUptime_sec: 12\nnode: lb1\n\n"
  static let stat = """
    # pxname,svname,scur,stot,status,weight,type,
    www,FRONTEND,1,10,OPEN,,0,
    web,web1,1,10,UP,1,2,
    web,BACKEND,1,10,UP,1,1,


    """
  static let servers = """
    1
    # be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight
    3 web 1 web1 10.0.0.1 2 0 1 1


    """
  /// What `RuntimeCommand.poll` is answered.
  static let poll = Array((level + info + stat + servers).utf8)
}
