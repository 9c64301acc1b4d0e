/// What became of connecting from one tier to an address of another.
public enum PathState: UInt8, Hashable, Sendable, CaseIterable {
  /// The connection stood.
  case open
  /// Somebody answered that nobody listens: what is between lets it pass.
  case refused
  /// Nobody answered: a firewall that drops, or a machine that is gone.
  case silent
  /// The network says that it does not lead there, or a firewall that rejects.
  case unreachable
}
