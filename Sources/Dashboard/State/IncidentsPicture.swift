public import Cluster

/// What went wrong in the past, and how well it was served all in all.
public struct IncidentsPicture: Sendable {
  /// Newest first.
  public var incidents: [Incident]
  /// For each scope, the cluster first, its availability over each of `Availability.windows`.
  public var service: [(scope: ServiceScope, windows: [Availability])]

  public init(
    incidents: [Incident] = [], service: [(scope: ServiceScope, windows: [Availability])] = []
  ) {
    self.incidents = incidents
    self.service = service
  }
}
