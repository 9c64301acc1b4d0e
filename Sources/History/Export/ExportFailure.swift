public import Platform

/// Why a stretch cannot be saved to a file, or not be read from one: a fact. The wording is in tiertop.
public enum ExportFailure: Error, Hashable, Sendable {
  /// There is no such file.
  case missing(path: String)
  /// It is there already, and was not to be replaced.
  case exists(path: String)
  /// A directory, a pipe, a device.
  case notAFile(path: String)
  /// It is something else.
  case foreign(path: String)
  /// Made by a newer tiertop, in a format that this one does not know.
  case newer(path: String, version: Int, known: Int)
  /// It ends too early: so many of its chunks of frames are whole; nil where not even the number is there.
  case cut(path: String, chunks: Int, of: Int?)
  /// It is not what was written: what, and how many bytes from its beginning.
  case damaged(path: String, what: String, at: Int)
  /// It says that it has more of something than there can be.
  case tooMuch(path: String, of: String)
  /// The stretch has more of something than a file may have.
  case tooLong(of: String)
  /// Nothing was recorded in the stretch.
  case nothing
  /// There is no room left.
  case full(path: String)
  case system(path: String, SystemError)
  /// The record cannot be read.
  case store(StoreFailure)
}
