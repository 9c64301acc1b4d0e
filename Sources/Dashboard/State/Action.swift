public import Cluster

/// Everything that can happen to the dashboard.
public enum Action: Sendable {
  /// What another program has recorded until now: the cluster up to its newest frame, when that was, and what
  /// had happened, oldest first. What is now begins with it.
  case begin(ClusterModel, at: Moment, events: [Event])
  /// Something has been read.
  case frame(Frame)
  /// Time has passed; nothing was read.
  case clock(Moment)
  case key(Key)
  case mouse(MouseEvent)
  /// Text came in one piece from the clipboard: it is text in a prompt, and never keys.
  case paste(String)
  case resize(Size)
  /// A load balancer has made something of an order, or it is known better what it has made of it.
  case result(ChangeOrder.ID, BalancerResult)
  /// What people last set, as other programs have remembered it.
  case intents(Intents)
  /// What a request for the past has found.
  case past(PastPicture)
  /// What the trails of the moment of a place show, where that is still shown.
  case pastTrails(ClusterModel, at: Int64)
  /// The bar of time that was asked for.
  case strip(TimeStrip)
  /// The long graph that was asked for.
  case graph(GraphPicture)
  /// The incidents that are recorded, and how it was served all in all.
  case incidents(IncidentsPicture)
  /// Who records is another one than before.
  case keeper(RecordKeeper)
  /// What was counted of the incident that began then; nil where nothing is kept of it.
  case counts(IncidentCounts?, incidentAt: WallTime)
  /// The cluster as it was recorded in the minutes before this began: sparklines need not begin with nothing.
  case pastMinutes(ClusterModel)
  /// Something outside has to be said: one line.
  case notice(String)
}

/// What the dashboard wants done outside.
public enum Effect: Hashable, Sendable {
  case quit
  /// Give the terminal back and stop until the shell continues the program.
  case suspend
  /// Draw every cell anew: something else has written on the terminal.
  case redraw
  /// Send a change to the load balancers.
  case apply(ChangeOrder)
  /// Look something up in the record.
  case look(PastRequest)
  /// Look a stretch of time up, in so many parts.
  case lookForStrip(TimeSpan, parts: Int)
  /// Look the figures of a long stretch up.
  case lookForGraph(GraphRequest)
  /// Look all incidents up.
  case lookForIncidents
  /// Count what failed while the incident lasted that began then.
  case countIncident(at: WallTime)
  /// Save a stretch of the record as a file.
  case save(TimeSpan, file: String)
}

/// A change that has been confirmed.
public struct ChangeOrder: Hashable, Sendable {
  /// Names it in what comes back.
  public struct ID: Hashable, Sendable {
    let number: Int
  }

  public var id: ID
  public var change: Change
  /// Why; empty for nothing.
  public var note: String
}
