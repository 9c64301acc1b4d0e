public import Cluster
import Platform

/// Why frames are not being recorded just now. Recording goes on by itself as soon as it can.
public struct RecordingTrouble: Error, Hashable, Sendable {
  public var failure: StoreFailure
  /// The first frame that was not recorded.
  public var since: WallTime

  public init(failure: StoreFailure, since: WallTime) {
    self.failure = failure
    self.since = since
  }
}

/// A stretch of time of which there are no frames, and why.
public struct Gap: Hashable, Sendable {
  public enum Reason: Int64, Hashable, Sendable, CaseIterable {
    /// No program was recording.
    case notRunning = 1
    case full = 2
    case readOnly = 3
    /// The disk did not do what it was told, or something else failed.
    case disk = 4
    /// What had been recorded was damaged.
    case damaged = 5
    /// Somebody set the clock: nothing is missing, but the time between was never on it.
    case clockForward = 6
    /// Somebody set the clock back: what follows has times that were there before.
    case clockBack = 7
    /// The machine slept, or the program was stopped.
    case suspended = 8
    /// Another program held the store.
    case busy = 9
  }

  public var reason: Reason
  /// The last frame before it.
  public var start: WallTime
  /// The first frame after it; before `start` where the clock was set back.
  public var end: WallTime
  /// The first frame after it.
  public var sequence: FrameNumber
  /// More of the reason: what the system said, where the damaged store lies; empty for nothing.
  public var words: String

  public init(reason: Reason, start: WallTime, end: WallTime, sequence: FrameNumber, words: String = "") {
    self.reason = reason
    self.start = start
    self.end = end
    self.sequence = sequence
    self.words = words
  }
}

extension StoreFailure {
  /// What a gap says that it caused.
  var gapReason: Gap.Reason {
    switch self {
    case .full: .full
    case .readOnly: .readOnly
    case .damaged, .foreign: .damaged
    case .busy: .busy
    default: .disk
    }
  }

  /// The words that belong to it; empty where the case says all.
  var words: String {
    switch self {
    case .damaged(_, let words), .input(_, let words), .database(_, _, let words): words
    case .system(_, let error): "\(error.doing): \(error.words)"
    default: ""
    }
  }
}
