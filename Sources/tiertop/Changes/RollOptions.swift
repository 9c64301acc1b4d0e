import Cluster

/// What `tiertop roll` is asked to do.
struct RollOptions {
  let tier: String
  let command: String
  let limits: Roll.Limits
  let resumes: Bool
  let isDryRun: Bool
  let consent: Consent
  let isJSON: Bool

  /// - Throws: also where it would have to ask, and nobody is there.
  init(_ invocation: Invocation) throws(UsageError) {
    guard let tier = invocation.operands.first else { throw .missingOperand(invocation.command) }
    self.tier = tier
    guard let command = invocation.value(of: .run), !command.isEmpty else {
      throw .missingOption(.run, command: invocation.command)
    }
    self.command = command
    var limits = Roll.Limits()
    if let text = invocation.value(of: .maxDown) {
      guard let count = Int(text), count > 0 else {
        throw .badValue(text, of: .maxDown, expected: "a number of nodes, 1 or more")
      }
      limits.maxDown = count
    }
    limits.sessions = try ChangeOptions.time(.timeout, invocation) ?? limits.sessions
    limits.up = try ChangeOptions.time(.waitUp, invocation) ?? limits.up
    self.limits = limits
    resumes = invocation.has(.resume)
    isDryRun = invocation.has(.dryRun)
    isJSON = invocation.has(.json)
    consent = try Consent(invocation)
  }

  /// The command for one node.
  ///
  /// - Throws: where what stands for the node could mean something else to a shell.
  func command(for node: Topology.Node) throws(UsageError) -> String {
    let address = node.address.map { "\($0)" } ?? ""
    if address.isEmpty, command.contains("{address}") {
      throw .badOperand(node.name.text, expected: "a node with an address, for {address}")
    }
    for word in [node.name.text, address] where !word.utf8.allSatisfy(RollOptions.isPlain) {
      throw .badOperand(word, expected: "a name of letters, digits and - _ . : @ for a command")
    }
    return command.split(separator: "{node}", omittingEmptySubsequences: false).joined(
      separator: node.name.text
    )
    .split(separator: "{address}", omittingEmptySubsequences: false).joined(separator: quoted(address))
  }

  /// Nothing that could end a quotation, or mean something else to a shell than itself; brackets are quoted.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-_.:@%+/[]".utf8.contains(byte)
    }
  }

  /// `[2001:db8::1]:80` would be a pattern for file names.
  private func quoted(_ word: String) -> String { word.contains("[") ? "'\(word)'" : word }
}
