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
}

/// What the dashboard wants done outside.
public enum Effect: Hashable, Sendable {
  case quit
  /// Give the terminal back and stop until the shell continues the program.
  case suspend
  /// Draw every cell anew: something else has written on the terminal.
  case redraw
}
