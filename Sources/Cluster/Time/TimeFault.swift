/// Why words are no moment: a fact; its wording, with what is understood, is in the view.
public enum TimeFault: Error, Hashable, Sendable {
  case empty
  /// Sanitised and cut.
  case notUnderstood(String)
  /// It has the form of a time of day, and no clock shows it: `25:00`.
  case noSuchTime(String)
  /// It has the form of a date, and no calendar has it: `2026-02-30`.
  case noSuchDate(String)
}
