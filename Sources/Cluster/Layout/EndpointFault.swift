/// Why a text is not an endpoint.
public enum EndpointFault: Error, Hashable, Sendable {
  /// Neither an absolute path nor one of the schemes that are read here.
  case scheme
  /// The host is missing, or holds characters that no host has.
  case host
  /// The port is missing where it has to be there, or is not 1…65535.
  case port
  /// The path of a unix socket is not absolute, holds characters that cannot be shown, or is longer than a
  /// socket's path may be (107 bytes).
  case path
  /// The page within the host holds characters that no URL has, or is missing.
  case page
  /// User and password are in the URL: a secret is never in a layout.
  case secret
  /// The user of an SSH host holds characters that no user has.
  case user
}
