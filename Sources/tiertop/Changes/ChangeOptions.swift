import Cluster

/// What `tiertop drain|ready|maint|weight` are asked to do.
struct ChangeOptions {
  let action: ServerAction
  /// `web1`, `web/web1`; at least one.
  let targets: [String]
  let backend: String?
  /// Whether, and how long at most, it is waited for what the action is for.
  let patience: Duration?
  let thenMaint: Bool
  /// After so long a wait the sessions that are left are ended.
  let shutdownAfter: Duration?
  let consent: Consent
  let isJSON: Bool

  static let defaultPatience = Duration.seconds(60)

  /// - Throws: also where it would have to ask, and nobody is there.
  init(_ invocation: Invocation) throws(UsageError) {
    action = try ChangeOptions.action(invocation)
    guard let first = invocation.operands.first else { throw .missingOperand(invocation.command) }
    targets = first.split(separator: ",").map(String.init)
    if targets.isEmpty { throw .badOperand(first, expected: "a node, or backend/server") }
    backend = invocation.value(of: .backend)
    if let backend, let server = targets.first(where: { $0.contains("/") }) {
      throw .badValue(
        backend, of: .backend, expected: "nothing: \(printable(server)) says its backend itself")
    }
    thenMaint = invocation.has(.thenMaint)
    shutdownAfter = try ChangeOptions.time(.shutdownAfter, invocation)
    let limit = try ChangeOptions.time(.timeout, invocation)
    let waits = invocation.has(.wait) || thenMaint || shutdownAfter != nil
    if limit != nil, !waits { throw .needsOther(.timeout, .wait, command: invocation.command) }
    if let limit, let shutdownAfter, shutdownAfter >= limit {
      throw .badValue(
        shutdownAfter.layoutText, of: .shutdownAfter,
        expected: "a time before the --timeout of \(limit.layoutText)")
    }
    let usual = ChangeOptions.defaultPatience + (shutdownAfter ?? .zero)
    patience = waits ? limit ?? usual : nil
    isJSON = invocation.has(.json)
    consent = try Consent(invocation)
  }

  private static func action(_ invocation: Invocation) throws(UsageError) -> ServerAction {
    switch invocation.command {
    case .ready: return .set(.ready)
    case .maint: return .set(.maint)
    case .weight:
      guard invocation.operands.count > 1 else { throw .missingOperand(invocation.command) }
      let text = invocation.operands[1]
      guard let weight = Int64(text), ServerAction.weights.contains(weight) else {
        throw .badOperand(text, expected: "a weight, 0 to 256")
      }
      return .weight(weight)
    default: return .set(.drain)
    }
  }

  /// The time that an option gives; nil where it is not there.
  static func time(_ option: Option, _ invocation: Invocation) throws(UsageError) -> Duration? {
    guard let text = invocation.value(of: option) else { return nil }
    guard let time = Duration(parsing: text), time >= .milliseconds(100), time <= .seconds(86_400) else {
      throw .badValue(text, of: option, expected: "a time from 100ms to 24h")
    }
    return time
  }
}

extension Invocation {
  /// The same without the operands that come before the layout.
  func droppingOperands(_ count: Int) -> Invocation {
    var rest = self
    rest.operands = Array(operands.dropFirst(count))
    return rest
  }
}
