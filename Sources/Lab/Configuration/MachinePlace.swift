/// Where a file belongs on a real machine, and how it is checked and taken into use there.
struct MachinePlace: Sendable, Hashable {
  var path: String
  var check: String?
  var use: String

  static let haproxy = MachinePlace(
    path: "/etc/haproxy/haproxy.cfg", check: "haproxy -c -f /etc/haproxy/haproxy.cfg",
    use: "systemctl reload haproxy")
  static let keepalived = MachinePlace(
    path: "/etc/keepalived/keepalived.conf",
    check: "keepalived -t -f /etc/keepalived/keepalived.conf (good where it says nothing but \"Terminated\")",
    use: "systemctl reload keepalived")
  static let notify = MachinePlace(
    path: "/etc/keepalived/tiertop-notify", use: "systemctl restart keepalived")
  static let nginx = MachinePlace(
    path: "/etc/nginx/nginx.conf", check: "nginx -t", use: "systemctl reload nginx")
  static let apache = MachinePlace(
    path: "/etc/apache2/apache2.conf", check: "apache2ctl -t", use: "systemctl reload apache2")
  static let nftables = MachinePlace(
    path: "/etc/nftables.conf", check: "nft -c -f /etc/nftables.conf", use: "nft -f /etc/nftables.conf")
  static let mariadb = MachinePlace(
    path: "/etc/mysql/mariadb.conf.d/90-site.cnf", check: "mariadbd --help --verbose >/dev/null",
    use: "systemctl restart mariadb")
  static let postgresql = MachinePlace(
    path: "/etc/postgresql/15/main/conf.d/site.conf", use: "systemctl restart postgresql")
  static let postgresqlAccess = MachinePlace(
    path: "/etc/postgresql/15/main/pg_hba.conf", use: "systemctl reload postgresql")
  static let mariadbStatements = MachinePlace(path: "run once, by root", use: "mariadb <THIS-FILE")
  static let postgresqlStatements = MachinePlace(
    path: "run once, by postgres", use: "sudo -u postgres psql -f THIS-FILE")
}
