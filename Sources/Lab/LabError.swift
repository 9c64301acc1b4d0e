public import Cluster
public import Platform

/// Why a lab cannot be stood up, or could not be kept up.
public enum LabError: Error, Hashable, Sendable {
  /// A node runs something that the lab cannot stand up, or (`nil`) the layout does not say what it runs.
  case cannotRun(node: String, program: Layout.Program?)
  /// A node is reached through another host.
  case elsewhere(node: String)
  /// A load balancer stands behind a tier that it should serve.
  case loadBalancerBehind(node: String, tier: String)
  /// No node runs this, and without one there is no cluster.
  case nothingToRun(Layout.Program)
  case tooManyNodes(limit: Int)
  /// A name that cannot stand in a path and in a configuration file.
  case unusableName(String)
  /// Something of the layout that cannot stand in a configuration file.
  case unwritable(String)
  /// Where a node is has to be known to others, and the layout does not say it.
  case noAddress(node: String)
  /// What would be written into has something in it.
  case notEmpty(path: String)

  /// No 127.A.B.0/24 was found whose ports are free.
  case noFreeNetwork
  /// A private directory could not be made in any of the usual places.
  case noDirectory([String])
  case cannotWrite(path: String, errno: Int32)

  /// What cannot be played at a node.
  case unknownFault(String)
  /// No lab runs, or none of that layout.
  case noLab
  /// Several run: which one is meant?
  case severalLabs([String])
  /// A lab does not answer.
  case silentLab(String)

  /// A program is not installed.
  case missingProgram(String)
  case cannotStart(name: String, SystemError)
  /// The descriptor that says how long the lab is wanted cannot be waited for.
  case cannotWatch(descriptor: Int32, SystemError)
  case system(SystemError)
  /// A program ended by itself before the cluster served.
  case ended(name: String, how: ExitStatus, said: [String])
  /// The cluster did not serve in time; `what` is what was still waited for.
  case notServing(name: String, what: String, said: [String])
}
