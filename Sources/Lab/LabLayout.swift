import Cluster

/// The layout of the running cluster, as a file.
enum LabLayout {
  static func text(of plan: LabPlan) -> String { "cluster: \(plan.title)\n" }
}
