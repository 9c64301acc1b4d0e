public import Cluster

/// One mistake in a layout, where it is, and what would be right: a fact; see `wording(in:)` for its words.
public struct LayoutMistake: Hashable, Sendable {
  public var place: Place
  public var fact: Fact

  /// Texts are sanitised and cut.
  public enum Fact: Hashable, Sendable {
    /// Something else was expected here; `nearest` is what was probably meant.
    case value(found: Found, expected: Expectation, nearest: String?)
    case unknownKey(String, of: Section, nearest: String?)
    /// A password itself, instead of the place where it is kept.
    case secretKey(String)
    case secretInURL(String)
    case duplicateKey(String, first: Place)
    case missingKey(String, of: Section)
    case duplicateTier(String, first: Place)
    case duplicateNode(String, first: Place)
    case duplicateAddress(SocketAddress, of: String, first: Place)
    /// Two nodes that ask one place would count its requests twice.
    case duplicateEndpoint(String, first: Place)
    case duplicateColumn(String, first: Place)
    case duplicateFirewall(first: Place)
    /// One place twice would be written twice.
    case duplicateAudit(String, first: Place)
    case firewallWithinTier(String)
    case unknownTier(String, nearest: String?)
    case unknownNode(String, nearest: String?)
    case replicaWithoutPrimary
    case primaryOfNoReplica
    case notAPrimary(String)
    case refused(YAMLRefusal)
  }

  /// What stands where something else was expected.
  public enum Found: Hashable, Sendable {
    case text(String)
    case nothing, mapping, sequence
    /// A text that might be a secret.
    case hidden
  }

  /// The mappings of a layout, each with keys of its own.
  public enum Section: Hashable, Sendable {
    case layout, entry, tier, node, page, metrics, database, firewall, nftables, drain, health, limits,
      healthOfTiers, healthOfNodes, screen, history
  }
}

/// What would be right at a place of a layout.
public enum Expectation: Hashable, Sendable {
  case mapping(LayoutMistake.Section)
  /// One or more of something.
  case list(of: String)
  /// Exactly the two tiers of a firewall.
  case twoTiers
  /// At most 64 bytes that can be seen; `spaces` within it are allowed or not.
  case name(spaces: Bool)
  case oneOf([String])
  case duration(ClosedRange<Duration>)
  case count(ClosedRange<Int64>)
  /// 0…1, as a number or in per cent.
  case share
  /// A share in `Layout.objectives`.
  case objective
  case hostName
  case address
  case portOfAddress
  case virtualAddress
  case portAndTransport
  case endpoint(Source.System, EndpointFault)
  case passage(EndpointFault)
  case absolutePath
  /// So many bytes, from one number to another.
  case size(ClosedRange<Int64>)
  /// `off`, or a mapping of how long what is kept.
  case history
  /// `syslog`, or the absolute path of a file.
  case auditTarget
  case environmentVariable
  /// The name of a metric, with or without labels.
  case metric
  /// Family and name of a table.
  case table
  /// A port alone.
  case port
  /// One of `password_env` and `password_file`, and not both.
  case onePassword
}
