/// What a lab tells its owner, on the loop.
enum LabEvent {
  /// All of it serves.
  case serves
  /// It will never serve.
  case failed(LabError)
  /// Something to know, in words: a program ended and will be started again.
  case note(String)
}
