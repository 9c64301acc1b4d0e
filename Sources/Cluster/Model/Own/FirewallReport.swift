/// What lies between two tiers: what passed, and what could be connected to.
public struct FirewallReport: Sendable {
  /// Connections per second that it let through, and packets per second that it dropped, since the reading
  /// before; nil where it is not asked, or does not say.
  public var accepted: Double?
  public var dropped: Double?
  /// In the order of the poll plan.
  public var paths: [Path] = []

  /// One connection that was tried.
  public struct Path: Hashable, Sendable {
    public var to: SocketAddress
    public var isAllowed: Bool
    /// nil where it was not tried, or not from there.
    public var state: PathState?

    /// Whether it is as it should be: nil where it was not tried. A connection that is refused has passed
    /// whatever lies between.
    public var isRight: Bool? {
      state.map { state in
        switch state {
        case .open: isAllowed
        case .refused: isAllowed
        case .silent, .unreachable: !isAllowed
        }
      }
    }
  }
}
