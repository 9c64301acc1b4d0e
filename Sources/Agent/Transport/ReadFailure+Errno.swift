import Cluster
import Glibc

extension ReadFailure {
  /// What it means that a connection to `address` failed with this error.
  init(connecting address: StreamAddress, errno: Int32) {
    switch (errno, address) {
    case (ECONNREFUSED, _): self = .refused
    case (ENOENT, .unix(let path)), (ENOTDIR, .unix(let path)): self = .missing(path: printable(path))
    case (EACCES, .unix(let path)), (EPERM, .unix(let path)): self = .accessDenied(path: printable(path))
    default: self = .system(errno: errno, doing: "connect")
    }
  }
}

/// Where a byte stream leads to.
enum StreamAddress: Hashable {
  case unix(path: String)
  /// `host` is a name or a number, without brackets.
  case tcp(host: String, port: UInt16)
}
