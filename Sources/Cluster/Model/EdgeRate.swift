/// How much flows from one tier to another, per second, and who counted it.
public enum EdgeRate: Hashable, Sendable {
  /// Requests (HTTP) or sessions (TCP), counted by the load balancers that passed them on, or, for what enters the
  /// cluster, by who took them.
  case counted(Double)
  /// Requests, for a database statements, counted by those that were asked: nobody else is known to ask them.
  case inferred(Double)
  /// New connections, counted by the firewall on the way.
  case connections(Double)
}
