public import Cluster

/// What went wrong in the past, and how well it was served all in all.
public struct IncidentsPicture: Sendable {
  /// Newest first.
  public var incidents: [Incident]
  /// How many of them have been asked about what failed, from the newest on.
  var counted = 0
  /// For each scope, the cluster first, its availability over each of `Availability.windows`.
  public var service: [(scope: ServiceScope, windows: [Availability])]

  public init(
    incidents: [Incident] = [], service: [(scope: ServiceScope, windows: [Availability])] = []
  ) {
    self.incidents = incidents
    self.service = service
  }
}
