import CSystem
public import Glibc

/// A program to start, with everything that it is given.
public struct Command: Sendable {
  /// A path, or a name that is searched in PATH.
  public var program: String
  /// Without the program's own name.
  public var arguments: [String]
  /// `NAME=value`; nil for this process's own.
  public var environment: [String]?
  /// nil for this process's own.
  public var directory: String?
  public var input: Stream
  public var output: Stream
  public var errors: Stream
  public var group: Group
  /// The network that it is in; nil for this process's own.
  public var network: NetworkNamespace?
  /// Sent to the program when the thread that started it ends, however it ends; nil for none.
  public var deathSignal: Int32?

  public init(
    _ program: String, _ arguments: [String] = [], environment: [String]? = nil, directory: String? = nil,
    input: Stream = .null, output: Stream = .null, errors: Stream = .null, group: Group = .own,
    network: NetworkNamespace? = nil, deathSignal: Int32? = SIGKILL
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.directory = directory
    self.input = input
    self.output = output
    self.errors = errors
    self.group = group
    self.network = network
    self.deathSignal = deathSignal
  }

  /// What a standard stream of the program is.
  public enum Stream: Sendable, Hashable {
    case null
    /// This process's own.
    case inherited
    /// An open descriptor, which stays open here.
    case descriptor(Int32)
    /// A file that is made (0600) where it is missing, and appended to.
    case log(path: String)
  }

  /// Which process group the program belongs to.
  public enum Group: Sendable, Hashable {
    case inherited
    /// A group of its own, so that a signal reaches it and all that it starts.
    case own
    /// A session of its own, without a terminal.
    case session
  }
}

/// How a program ended.
public enum ExitStatus: Hashable, Sendable {
  case exited(code: Int32)
  case killed(signal: Int32)
  /// Somebody else in this process waited for it first.
  case unknown

  /// Whether it says of itself that all went well.
  public var isSuccess: Bool { self == .exited(code: 0) }

  init(waitStatus status: Int32) {
    // The layout of wait(2)'s status on Linux: the signal in the lower seven bits, else the code above.
    let signal = status & 0x7F
    self = signal == 0 ? .exited(code: (status >> 8) & 0xFF) : .killed(signal: signal)
  }
}
