import Glibc
public import Platform

/// Why a store cannot be opened, read or written: a fact. The wording is in tiertop.
public enum StoreFailure: Error, Hashable, Sendable {
  /// Another program records into it; it can be read all the same.
  case recordedByAnother(path: String, RecorderIdentity?)
  /// There is none.
  case missing(path: String)
  /// Written by a newer tiertop; it is left as it is.
  case newer(path: String, version: Int64)
  /// Of an older form, which only a recorder may bring up to date.
  case older(path: String, version: Int64)
  /// A file of something else; it is left as it is.
  case foreign(path: String)
  /// It holds another cluster.
  case otherCluster(path: String, cluster: String)
  /// What is in it cannot be right; SQLite's words, or what was found.
  case damaged(path: String, words: String)
  /// There is no room left.
  case full(path: String)
  /// It may only be read.
  case readOnly(path: String)
  /// The disk did not do what it was told.
  case input(path: String, words: String)
  /// Somebody else held it too long.
  case busy(path: String)
  /// Another system error.
  case system(path: String, SystemError)
  /// SQLite says no for another reason; its extended code and words.
  case database(path: String, code: Int32, words: String)
}

extension StoreFailure {
  /// What a system error of one of a store's files means: those of the disk may pass, and are waited for.
  static func ofFile(_ errno: Int32, doing: String, _ file: String, store: String) -> StoreFailure {
    switch errno {
    case EROFS: .readOnly(path: store)
    case ENOSPC, EDQUOT, EFBIG: .full(path: store)
    case EIO: .input(path: store, words: SystemError(errno: errno, doing: doing).words)
    default: .system(path: file, SystemError(errno: errno, doing: doing))
    }
  }
}
