/// A virtual address: who holds it, as far as anybody says.
public struct AddressReport: Sendable {
  /// The load balancers that say they hold it, by keepalived, in the order of the layout.
  public var holders: [NodeName]
  /// Since when it is held by whom it is now; nil where that is not known.
  public var since: WallTime?
  /// How often it has moved while it was watched.
  public var moves = 0
  /// What connecting to it found; nil where that is not tried.
  public var probed: AddressStatus?
}
