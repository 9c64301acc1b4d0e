# shellcheck shell=bash
# The packages of Debian and Ubuntu that the scripts need, and how they are installed.
# Uses messages.sh.

# Daemons live there, and are not on everybody's PATH.
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

# A line each: package, what tells that it is there, what it is for.
packages_to_build='
libncurses-dev        header:curses.h      to draw on the terminal
libyaml-dev           header:yaml.h        to read layouts
libcurl4-openssl-dev  header:curl/curl.h   to ask Nginx how it is
libmariadb-dev        header:mariadb/mysql.h  to ask MariaDB and MySQL how they are
libpq-dev             header:postgresql/libpq-fe.h  to ask PostgreSQL
libsqlite3-dev        header:sqlite3.h     to keep the history
libzstd-dev           header:zstd.h        to keep much of it in little room
'
packages_of_the_demo='
haproxy               command:haproxy      the load balancers of the demo
keepalived            command:keepalived   moves its virtual address
nginx                 command:nginx        its web servers
gunicorn              command:gunicorn     its application servers
python3               command:python3      its application, and its load
mariadb-server        command:mariadbd     its databases
dnsmasq-base          command:dnsmasq      its name server
nftables              command:nft          its firewalls
iproute2              command:ip           its networks
'
packages_of_the_layouts='
nodejs                command:node         an application server of some layouts
postgresql            file:/usr/lib/postgresql/*/bin/postgres  the databases of some layouts
'
packages_of_the_tests='
tmux                  command:tmux         a terminal for whole-program tests
openssh-client        command:ssh          tests of nodes that are reached through ssh
openssh-server        command:sshd         the other side of these tests, on loopback
mariadb-server        command:mariadbd     a database with a replica, for tests
postgresql            directory:/usr/lib/postgresql  another one
openssl               command:openssl      a certificate for tests of https
curl                  command:curl         asks HAProxy for keepalived, in configurations that are checked
apache2               command:apache2      tests of its status page
php-fpm               file:/usr/sbin/php-fpm*  tests of its status, as a page and in FastCGI
uwsgi-core            command:uwsgi-core   tests of its stats server
uwsgi-plugin-python3  file:/usr/lib/uwsgi/plugins/python3_plugin.so  its application
nodejs                command:node         tests of metrics that a program has
prometheus-node-exporter  command:prometheus-node-exporter  tests of what a machine says of itself
iproute2              command:ip           networks for tests of what is asked from within them
nftables              command:nft          their firewalls
keepalived            command:keepalived   a virtual address that moves
dnsmasq-base          command:dnsmasq      a name server
'
packages_of_the_benchmarks='
haproxy               command:haproxy      what is watched
python3               command:python3      to measure
hatop                 command:hatop        to compare with
'
packages_of_its_peers='
prometheus-haproxy-exporter  command:prometheus-haproxy-exporter  to compare with
netdata-plugins-python  file:/usr/lib/netdata/plugins.d/python.d.plugin  to compare with
'
packages_of_the_picture='
tmux                  command:tmux         a terminal to take the picture of
python3               command:python3      to make a picture of what it shows
'

# The Python that has the distribution's modules, also where another one comes first on PATH.
system_python() {
  if [ -x /usr/bin/python3 ]; then echo /usr/bin/python3; else echo python3; fi
}

is_there() {
  local name=${1#*:} directory
  case $1 in
    command:*) command -v "$name" >/dev/null ;;
    directory:*) [ -d "$name" ] ;;
    python:*) "$(system_python)" -c "import $name" 2>/dev/null ;;
    file:*) compgen -G "$name" >/dev/null ;;
    header:*)
      for directory in /usr/include /usr/local/include /usr/include/*-linux-gnu*; do
        [ ! -f "$directory/$name" ] || return 0
      done
      return 1
      ;;
  esac
}

# install_missing LIST…: says what is missing and what for, then installs it with apt.
install_missing() {
  local package sign purpose missing=()
  while read -r package sign purpose; do
    [ -n "$package" ] || continue
    if ! is_there "$sign"; then
      [ ${#missing[@]} -gt 0 ] || say "These packages are missing and are installed now:"
      say "  $package: $purpose"
      missing+=("$package")
    fi
  done <<<"$(printf '%s' "$@")"
  [ ${#missing[@]} -gt 0 ] || return 0

  command -v apt-get >/dev/null || die "there is no apt on this machine" \
    "Install by the means of your system what Debian calls: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "installing needs root, and there is no sudo" \
      "As root: apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo)
  fi
  say "No service is started or enabled by this."
  "${as_root[@]}" bash "$(dirname "${BASH_SOURCE[0]}")/install-without-services" "${missing[@]}" >&2 ||
    die "the packages could not be installed: ${missing[*]}"
}

# The oldest compiler that reads Package.swift.
need_swift() {
  local version
  command -v swift >/dev/null || die "there is no Swift on this machine" \
    "Install Swift 6.2 or newer from https://www.swift.org/install/linux/"
  # Not every release prints it at the same place: "Swift version 6.3.1 (swift-6.3.1-RELEASE)".
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  case ${version:-0.0} in
    [0-5].* | 6.[01]) die "Swift 6.2 or newer is needed, this is ${version:-of an unknown version}" \
      "Install it from https://www.swift.org/install/linux/" ;;
  esac
}
