import Cluster
import Glibc
import Platform
import Wire

extension TransportFactory {
  /// The way to ask what is no node of its own: a name, a virtual address, a firewall, a connection; and keepalived,
  /// which leaves what it says in a directory. nil for everything else.
  func entryTransport(to source: Source) -> (any Transport, Decoder)? {
    let network: NetworkNamespace?
    do {
      network = try self.network(of: source)
    } catch {
      return refusing(.system(errno: error.errno, doing: error.doing))
    }
    var isRemote = false
    if case .ssh? = source.via { isRemote = true }
    switch (source.system, source.endpoint) {
    case (.firewall, .counters(let table)):
      guard let words = FirewallCommand.words(of: table) else { return refusing(.unsuited) }
      let run = counters(of: words, via: source.via, within: network)
      return (CommandTransport(run), .counters)
    case (.keepalived, .directory), (.vip, .tcp), (.dns, .name), (.path, .path):
      // Through a tunnel every connection stands at once, whoever is at its end; and files and names are here.
      if isRemote { return refusing(.unsuited) }
    default: return nil
    }
    switch source.endpoint {
    case .directory(let path): return made(by: RouterTransport(directory: path, loop: loop))
    case .tcp(let host, let port):
      let prober = AddressProber(
        to: SocketAddress(host: host, port: port), every: options.probeGap, loop: loop, within: network)
      prober.onTurn = { [unowned self] in onTurn?() }
      return made(by: prober)
    case .name(let name, let server):
      var path: String?
      if case .namespace(let place)? = source.via { path = place }
      return made(
        by: NameTransport(
          asking: NameServers(given: server, within: path), for: name, loop: loop, within: network))
    case .path(let address, _):
      return made(by: PathTransport(to: address, loop: loop, within: network))
    default: return nil
    }
  }

  private func made(by sampler: some Sampler) -> (any Transport, Decoder) { (sampler, .made(by: sampler)) }

  private func network(of source: Source) throws(SystemError) -> NetworkNamespace? {
    guard case .namespace(let path)? = source.via else { return nil }
    return try namespace(path).get()
  }

  /// What prints the counters of a table, one for all the borders that are counted in it.
  private func counters(
    of table: [String], via passage: Passage?, within network: NetworkNamespace?
  ) -> CommandRun {
    var question = CommandRun.Question(
      program: FirewallCommand.program, arguments: FirewallCommand.arguments(for: table))
    if case .ssh(let host)? = passage {
      // The other side has a shell of its own: nothing in these words has a meaning for it.
      question = CommandRun.Question(
        program: tunnels.client.program,
        arguments: tunnels.client.arguments(for: host, running: ["nft"] + question.arguments), isRemote: true)
    }
    let key = CommandKey(question: question, passage: passage)
    if let known = commands[key] { return known }
    let run = CommandRun(question, within: network, limit: options.replyLimit, loop: loop)
    commands[key] = run
    return run
  }

  struct CommandKey: Hashable {
    var question: CommandRun.Question
    var passage: Passage?
  }
}

/// How the counters of nftables are asked for.
enum FirewallCommand {
  /// Where Debian keeps it, which is not on everybody's PATH.
  static var program: String {
    ["/usr/sbin/nft", "/sbin/nft"].first { access($0, X_OK) == 0 } ?? "nft"
  }

  static func arguments(for table: [String]) -> [String] { ["-j", "list", "counters", "table"] + table }

  /// Family and name of a table; nil for what nft would not take for them, or a shell for something else.
  static func words(of table: String) -> [String]? {
    let words = table.split(separator: " ").map(String.init)
    let isPlain = words.allSatisfy { word in
      word.utf8.allSatisfy { byte in
        Character(Unicode.Scalar(byte)).isASCIILetterOrDigit || byte == UInt8(ascii: "_")
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      } && word.utf8.first.map { $0 != UInt8(ascii: "-") } == true
    }
    return words.count == 2 && isPlain ? words : nil
  }
}

extension Character {
  fileprivate var isASCIILetterOrDigit: Bool { isASCII && (isLetter || isNumber) }
}
