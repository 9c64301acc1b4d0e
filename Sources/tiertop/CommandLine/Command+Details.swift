import Lab

extension Command {
  /// What its help says after the summary.
  var details: String {
    switch self {
    case .dashboard:
      """
      LAYOUT is a file that says what the cluster is. Without one, and with --socket,
      the cluster is discovered from what HAProxy knows. With neither, tiertop looks
      for $XDG_CONFIG_HOME/tiertop/layout.yaml, /etc/tiertop/layout.yaml, and the
      usual HAProxy sockets.

      What is polled is recorded (--store). Where "tiertop agent", or another
      dashboard, records the same layout into a store that this user may read, that
      is shown, and nothing is polled; the line above the last says who records. When
      that program ends, this one polls and records.
      """
    case .once:
      """
      Exit status: 0 all up, 1 something degraded or down, 2 a mistake in the options
      or the layout, 3 nothing could be reached. The JSON is described in
      docs/json.md.
      """
    case .agent:
      """
      Polls and records until SIGTERM or SIGINT ends it; SIGHUP has it read its
      layout again, and a broken one leaves the one before in place. What happens
      goes to standard error, a line of logfmt each. One program records into a store
      at a time; every tiertop that may read it follows it meanwhile. A dashboard
      that records into it lets go of it for this one. Packaging/tiertop.service runs
      it under systemd.

        tiertop agent /etc/tiertop/layout.yaml
        tiertop agent layout.yaml --store /srv/tiertop/site.db

      Exit status: 0 ended by a signal, 1 another program records, and keeps the
      store, 2 a mistake in the options or the layout, 3 the store cannot be used.
      """
    case .history:
      """
      NODE is a node, a tier, or "cluster". Up to two hours are shown tick by tick,
      up to five days by the minute, more by the hour; --by says it otherwise. A
      minute or hour has its least, its mean and its highest value; means of latency
      and errors are weighted by requests. What was not recorded is an empty field,
      and never 0.

        tiertop history web1 --since 24h
        tiertop history web --since 'yesterday 09:00' --until 'yesterday 10:00' \\
          --metric qps,errors --csv
        tiertop history cluster --store /var/lib/tiertop/site.db --since 30d --json

      """ + Command.pastDetails
    case .events:
      """
      Changes of state with their reason, drains and weights with who set them, lost
      and regained sources, restarts, stretches that nobody recorded, other layouts.
      Times are those of this place, in JSON of UTC.

        tiertop events --since 7d
        tiertop events layout.yaml --since 'monday 09:00' --until 2h --json

      """ + Command.pastDetails
    case .incidents:
      """
      An incident lasts from the first node in trouble until all has been well for
      ten seconds. "tiertop events" has what happened in it.

        tiertop incidents --since 30d
        tiertop incidents layout.yaml --since 90d --json

      """ + Command.pastDetails
    case .export:
      """
      FILE is for its owner alone (0600), complete or not there at all, and never
      replaced without --force. It has every frame of the stretch and of the ten
      minutes before it, the events, gaps and sums by the minute. Of the layout it
      has what the screens show: no ssh destinations, no users, nothing about where
      secrets are kept. "S" in the dashboard does the same. The format is described
      in docs/export-format.md.

        tiertop export incident.tiertop --since 1h
        tiertop export layout.yaml incident.tiertop --since 'yesterday 09:00' \\
          --until 'yesterday 10:00'

      """ + Command.pastDetails
    case .replay:
      """
      The dashboard on a file of "tiertop export", or of the key S: every view, the
      keys of time, incidents, comparison and graphs. Nothing is asked, nothing is
      recorded, nothing can be changed. It begins where the first incident does;
      without one, where the stretch does. "tiertop events", "tiertop incidents" and
      "tiertop history" read such a file too: --store FILE.

        tiertop replay incident.tiertop
        tiertop replay incident.tiertop --at 14:05

      Exit status: 0 left, 2 a mistake in the options, 3 the file cannot be read.
      """
    case .drain, .ready, .maint, .weight: changeDetails
    case .roll:
      """
      Node after node: drain it on all load balancers, wait until it has no sessions,
      run the command (by /bin/sh, {node} and {address} replaced, TIERTOP_NODE,
      TIERTOP_ADDRESS and TIERTOP_TIER set), wait until its checks pass again, make
      it ready, wait until it serves. It stops at the first failure, leaves that node
      drained and says where it stands; --resume goes on there. Nodes that somebody
      has taken out before are left alone.

        tiertop roll web --run 'ssh {node} sudo systemctl restart nginx' --dry-run
        tiertop roll web --run 'ssh {node} sudo systemctl restart nginx' \\
          --max-down 2 --wait-up 2m
        tiertop roll web --run 'ssh {node} sudo systemctl restart nginx' --resume

      Exit status: 0 all nodes done, 1 stopped at a failure, 2 a mistake in the
      options or the layout, 3 no load balancer reached, 4 refused by the layout's
      floor (drain: keep_up), 5 time-out, 130 interrupted.
      """
    case .layoutCheck:
      """
      Each mistake is a line FILE:LINE:COLUMN: what was found, what was expected.
      Exit status: 0 no mistake, 2 mistakes.
      """
    case .layoutInit:
      """
      The layout goes to standard output, commented, ready to be edited:
        tiertop layout init --socket /run/haproxy/admin.sock > layout.yaml
      Without --socket the usual HAProxy sockets are tried.
      """
    case .layoutDiagram:
      """
      Prints the tiers and their nodes, where the traffic enters, and what the
      firewalls let pass:
        tiertop layout diagram layout.yaml > site.mmd
      Pages of GitHub, GitLab and many others draw it, between ```mermaid and ```.
      """
    case .labConfig:
      """
      Writes what "tiertop lab up" would run, as Debian places it: a directory for
      each node, with haproxy.cfg and keepalived.conf, nginx.conf or apache2.conf,
      mariadb.cnf or postgresql.conf with the statements for their users,
      nftables.conf (for the machine between the tiers; for each machine where the
      tiers share a network), and a layout.yaml for tiertop, a diagram, and a
      README.md that says where each file belongs and what is left to do. Each file
      says how it is checked. No password is made up, and nothing on this machine is
      touched.

        tiertop lab config layout.yaml --out site

      Exit status: 0 written, 2 a mistake in the options or the layout, 3 something
      could not be written.
      """
    case .labUp:
      """
      Starts the real programs, each node in a network namespace of its own, with a
      router and its firewalls between the tiers, a name server and a client; without
      root where the system lets users have namespaces. Where it does not, or with
      --loopback, it stands on plain loopback addresses: HAProxy, Nginx and Gunicorn
      only, without virtual addresses and firewalls. Prints the path of the running
      cluster's layout once all of it serves. Everything ends, and the directory
      goes, when it is interrupted, or by "tiertop lab down".
      """
    case .labDown, .labStatus:
      """
      LAYOUT is the file that the lab was started with, or that of the running
      cluster; it can be left out where there is one lab only.

      Exit status: 0 done, 3 no such lab, or it does not answer.
      """
    case .labFault, .labHeal:
      """
      KIND is one of these; a value that is left out is the one that stands here:
      \(Command.faults)

      Several can be on at a node; "tiertop lab status" says which are. "tiertop lab
      heal" takes everything back that was played at NODE, or with "all" everywhere:

        tiertop lab heal all

      Exit status: 0 done, 1 it cannot be played there, 3 no such lab, or it does not
      answer.
      """
    }
  }

  /// Each as one would say it, and what it does.
  private static var faults: String {
    let rows = FaultKind.allCases.map { kind in
      let place = kind.place.map { " (only for \($0))" } ?? ""
      return ("tiertop lab fault \(kind.node) \(kind.example)", kind.summary + place)
    }
    return String(Help.columns(rows).dropLast())
  }

  private static let pastDetails = """

    It reads what "tiertop agent" or the dashboard has recorded, also while they go
    on: --store; else what the layout's cluster has in /var/lib/tiertop or
    ~/.local/state/tiertop. The JSON is described in docs/json.md.
    Exit status: 0 shown, 2 a mistake in the options or the layout, 3 there is no
    record, or it cannot be read.
    """

  private var changeDetails: String {
    let examples =
      switch self {
      case .ready:
        """
          tiertop ready web1 --wait
          tiertop ready web1,web2 layout.yaml --yes
        """
      case .maint:
        """
          tiertop maint web1 --note "new disk"
          tiertop maint web1 --wait --shutdown-after 5m --yes
        """
      case .weight:
        """
          tiertop weight web1 50
          tiertop weight web/web1 100 layout.yaml --yes
        """
      default:
        """
          tiertop drain web1 --wait --note "new kernel"
          tiertop drain web/web1,web/web2 layout.yaml --yes --json
          tiertop drain web1 --backend api --then-maint --timeout 10m
        """
      }
    return """
      TARGET is a node (web1) or a server as the load balancers name it (web/web1);
      several with commas. What would happen is shown first. Then it asks; without a
      terminal it needs --yes. Every load balancer is told at the same time, and what
      it says afterwards is read back. The JSON is described in docs/json.md.

      \(examples)

      Exit status: 0 confirmed on all load balancers, 1 not on all, 2 a mistake in
      the options or the layout, 3 no load balancer reached, 4 refused by the
      layout's floor (drain: keep_up), 5 time-out while waiting, 130 interrupted.
      """
  }
}
