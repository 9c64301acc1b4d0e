public import Platform

/// Why something could not be remembered, or written to the audit: a fact. The wording is in tiertop.
public enum MemoryFailure: Error, Hashable, Sendable {
  /// Neither XDG_STATE_HOME nor HOME nor the account says where a person's files are.
  case noHome
  /// The system refused; `error.doing` is what was tried with the path.
  case system(path: String, SystemError)
  /// The directory belongs to somebody else, whom files in it would surprise (as after `sudo`).
  case foreignDirectory(path: String, owner: UInt32)
  /// Others may write into the directory, and so put files in the place of ours.
  case openDirectory(path: String)
  /// Something that is no directory is in its place.
  case notADirectory(path: String)
  /// Something that is no regular file is in its place: a symbolic link, a device, a directory.
  case notAFile(path: String)
  /// Written by a newer tiertop; it is left as it is.
  case newer(path: String, version: Int64)
  /// Larger than such a file ever is, in bytes; it is left as it is.
  case tooLarge(path: String, limit: Int)
  /// Another program kept the lock all the time.
  case busy(path: String, after: Duration)
  /// The system's log could not be reached, or took nothing; `path` is its socket.
  case syslog(path: String, SystemError)
}
