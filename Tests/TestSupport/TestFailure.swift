/// Something that a test needs is not as it has to be: the test has failed.
public struct TestFailure: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
