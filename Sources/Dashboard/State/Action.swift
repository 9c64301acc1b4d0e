public import Cluster

/// Everything that can happen to the dashboard.
public enum Action: Sendable {
  /// The agent has read something.
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
  /// The bar of time that was asked for.
  case strip(TimeStrip)
  /// The long graph that was asked for.
  case graph(GraphPicture)
  /// The incidents that are recorded, and how it was served all in all.
  case incidents(IncidentsPicture)
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
