/// What `show stat` said at one moment: the rows of one HAProxy process, exactly as reported.
///
/// The names of the rows rarely change, so they are held by a `Roster` that successive tables share:
/// `older.roster === newer.roster` says that nothing was added, removed or renamed. Figures are one flat
/// array, row by row. A figure that the version or the level of the socket does not report is absent, which
/// is not 0.
public struct StatTable: Sendable {
  public let roster: Roster

  /// Row-major, `StatFigure.allCases.count` to a row, absent figures as `StatTable.absent`.
  public let figures: [Int64]

  /// Row-major, `StatNote.allCases.count` to a row, sanitised; empty where not reported.
  public let notes: [String]

  /// In `figures`: nothing was reported here. HAProxy's figures are never this small.
  public static let absent = Int64.min

  public init(roster: Roster, figures: [Int64], notes: [String]) {
    precondition(figures.count == roster.count * StatFigure.count)
    precondition(notes.count == roster.count * StatNote.count)
    self.roster = roster
    self.figures = figures
    self.notes = notes
  }

  public var count: Int { roster.count }

  /// The figure as reported, in HAProxy's unit for that column; nil where it is absent.
  public subscript(row: Int, figure: StatFigure) -> Int64? {
    let value = figures[row &* StatFigure.count &+ figure.rawValue]
    return value == StatTable.absent ? nil : value
  }

  public subscript(row: Int, note: StatNote) -> String {
    notes[row &* StatNote.count &+ note.rawValue]
  }
}

/// Who is in a `StatTable`: the names, kinds and addresses of its rows, in HAProxy's order.
///
/// Immutable and shared from tick to tick while nothing changes; compare with `===`.
public final class Roster: Sendable {
  public struct Row: Hashable, Sendable {
    /// `pxname`: the frontend's or backend's name, sanitised.
    public var proxy: String
    /// `svname`: the server's or listener's name; `FRONTEND` or `BACKEND` on those rows.
    public var name: String
    public var kind: RowKind
    /// `addr`: `10.77.2.11:80`, `[::1]:80`, `unix`; empty where the socket's level hides it.
    public var address: String
    /// `cookie`: the value that makes a client stick to this server; empty where there is none.
    public var cookie: String
    /// `mode`: `http`, `tcp`, `health`; empty where the level hides it.
    public var mode: String

    public init(
      proxy: String, name: String, kind: RowKind, address: String = "", cookie: String = "", mode: String = ""
    ) {
      self.proxy = proxy
      self.name = name
      self.kind = kind
      self.address = address
      self.cookie = cookie
      self.mode = mode
    }
  }

  public let rows: [Row]

  public init(rows: [Row]) { self.rows = rows }

  public var count: Int { rows.count }
}

/// `type` of a row. A `listen` section emits all of them: never sum across kinds.
public enum RowKind: UInt8, Hashable, Sendable {
  case frontend = 0
  case backend = 1
  case server = 2
  case listener = 3
}

/// The numeric columns of `show stat` that are kept, by HAProxy's own names (management guide, 9.1).
///
/// Counters count since the process started (or `clear counters all`); the rest are gauges or maxima.
public enum StatFigure: Int, CaseIterable, Sendable {
  case qcur, qmax, scur, smax, slim, stot, bin, bout, dreq, dresp, ereq, econ, eresp, wretr, wredis
  case weight, act, bck, chkfail, chkdown, lastchg, downtime, qlimit, pid, iid, sid, throttle, lbtot
  case rate, rateLim
  case rateMax, checkCode, checkDuration, hrsp1xx, hrsp2xx, hrsp3xx, hrsp4xx, hrsp5xx, hrspOther
  case reqRate, reqRateMax, reqTot, cliAbrt, srvAbrt, lastsess, qtime, ctime, rtime, ttime
  case checkRise, checkFall, checkHealth, connRate, connTot, intercepted, dcon, dses, wrew
  case connect, reuse, qtimeMax, ctimeMax, rtimeMax, ttimeMax, eint, uweight, srvIcur

  /// How many there are to a row.
  public static var count: Int { 67 }

  /// The column's name in HAProxy's header.
  public var column: String {
    switch self {
    case .rateLim: "rate_lim"
    case .rateMax: "rate_max"
    case .checkCode: "check_code"
    case .checkDuration: "check_duration"
    case .hrsp1xx: "hrsp_1xx"
    case .hrsp2xx: "hrsp_2xx"
    case .hrsp3xx: "hrsp_3xx"
    case .hrsp4xx: "hrsp_4xx"
    case .hrsp5xx: "hrsp_5xx"
    case .hrspOther: "hrsp_other"
    case .reqRate: "req_rate"
    case .reqRateMax: "req_rate_max"
    case .reqTot: "req_tot"
    case .cliAbrt: "cli_abrt"
    case .srvAbrt: "srv_abrt"
    case .checkRise: "check_rise"
    case .checkFall: "check_fall"
    case .checkHealth: "check_health"
    case .connRate: "conn_rate"
    case .connTot: "conn_tot"
    case .qtimeMax: "qtime_max"
    case .ctimeMax: "ctime_max"
    case .rtimeMax: "rtime_max"
    case .ttimeMax: "ttime_max"
    case .srvIcur: "srv_icur"
    // All others are named as HAProxy names them.
    default: String(describing: self)
    }
  }
}

/// The textual columns of `show stat` that change while a process runs.
public enum StatNote: Int, CaseIterable, Sendable {
  case status, checkStatus, lastCheck, agentStatus, algorithm, tracked

  public static var count: Int { 6 }

  /// The column's name in HAProxy's header.
  public var column: String {
    switch self {
    case .status: "status"
    case .checkStatus: "check_status"
    case .lastCheck: "last_chk"
    case .agentStatus: "agent_status"
    case .algorithm: "algo"
    case .tracked: "tracked"
    }
  }
}
