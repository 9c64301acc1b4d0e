import Lab

/// `tiertop lab up LAYOUT`: the cluster of a layout on this machine, until it is interrupted.
struct LabUpCommand {
  private let path: String
  private let options: LabSupervisor.Options

  init(_ invocation: Invocation) throws(UsageError) {
    path = try invocation.onlyLayout()
    var options = LabSupervisor.Options(
      load: !invocation.has(.noLoad), loopback: invocation.has(.loopback), origin: path)
    if let text = invocation.value(of: .whileDescriptor) {
      guard let descriptor = Int32(text), descriptor >= 0 else {
        throw .badValue(text, of: .whileDescriptor, expected: "the number of an open descriptor")
      }
      options.whileDescriptor = descriptor
    }
    self.options = options
  }

  func run() throws(LayoutChoice.Failure) -> ExitStatus {
    let layout = try LayoutChoice.read(path)
    return ExitStatus(rawValue: LabSupervisor.run(layout, options: options)) ?? .bad
  }
}
