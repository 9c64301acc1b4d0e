import Cluster

extension State {
  /// A key while something is being typed.
  mutating func type(_ key: Key, _ intent: Intent?) -> [Effect] {
    guard var prompt else { return [] }
    if intent != .complete { completion = nil }
    switch intent {
    case .accept:
      self.prompt = nil
      return accept(prompt)
    case .back:
      self.prompt = nil
      if prompt.kind == .filter { filter(by: prompt.before) }
      return []
    case .complete:
      if prompt.kind == .command { complete() }
      return []
    case .move(let motion):
      if prompt.kind == .filter { move(motion) }
      return []
    case .eraseCharacter:
      // Erasing nothing leaves, as in vim.
      if prompt.text.isEmpty {
        self.prompt = nil
        return []
      }
      prompt.eraseCharacter()
    case .eraseWord: prompt.eraseWord()
    case .eraseAll: prompt.text = ""
    default:
      guard case .character(let scalar) = key else { return [] }
      prompt.append(scalar)
    }
    self.prompt = prompt
    if prompt.kind == .filter { filter(by: prompt.text) }
    return []
  }

  private mutating func accept(_ prompt: Prompt) -> [Effect] {
    switch prompt.kind {
    case .filter: return []
    case .command: return run(prompt.text)
    case .weight:
      propose(weight: prompt.text)
      return []
    case .note:
      changes.proposal?.note = printable(prompt.text)
      return []
    case .shutdown: return shutDown(after: prompt.text)
    case .time: return look(at: prompt.text)
    case .save:
      askWhereToSave(prompt.text)
      return []
    case .saveTo(let span): return save(span, into: prompt.text)
    }
  }

  private mutating func propose(weight text: String) {
    guard let weight = Int64(text), ServerAction.weights.contains(weight) else {
      message = "\"\(printable(text).shortened(20))\" is no weight: 0 to 256"
      return
    }
    propose(.weight(weight))
  }

  /// Pasted text goes into a prompt. Elsewhere it is dropped: it must never act as keys.
  mutating func paste(_ text: String) {
    guard var prompt else { return }
    let line = text.prefix { !$0.isNewline }
    for scalar in printable(String(line.prefix(Prompt.limit))).unicodeScalars { prompt.append(scalar) }
    self.prompt = prompt
    if prompt.kind == .filter { filter(by: prompt.text) }
  }

  /// Completes the word that is being typed; again, the next candidate.
  private mutating func complete() {
    if var completion, !completion.candidates.isEmpty {
      completion.place = (completion.place + 1) % completion.candidates.count
      prompt?.text = completion.candidates[completion.place]
      self.completion = completion
      return
    }
    guard let text = prompt?.text else { return }
    let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    let candidates: [String]
    if parts.count < 2 {
      candidates = CommandWord.allCases.map(\.rawValue).filter { $0.hasPrefix(text) }
    } else if let command = CommandWord(rawValue: String(parts[0])) {
      candidates = command.arguments(in: self).lazy.filter { $0.hasPrefix(parts[1]) }.prefix(20)
        .map { "\(command.rawValue) \($0)" }
    } else {
      candidates = []
    }
    guard let first = candidates.first else { return }
    if candidates.count == 1 {
      let takesMore = parts.count < 2 && !(CommandWord(rawValue: first)?.argument.isEmpty ?? true)
      prompt?.text = first + (takesMore ? " " : "")
    } else {
      completion = Completion(candidates: candidates, place: 0)
      prompt?.text = first
    }
  }

  /// Carries a typed command out.
  mutating func run(_ text: String) -> [Effect] {
    let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
    guard let word = parts.first else { return [] }
    let argument = parts.count > 1 ? parts[1].trimmed : ""
    guard let command = CommandWord.resolved(word) else {
      message = unknown("command", word, among: CommandWord.allCases.map(\.rawValue), prefix: ":")
      return []
    }
    switch command {
    case .map: show(.map)
    case .table: show(.table)
    case .graphs: show(.graphs)
    case .events: show(.events)
    case .help:
      if case .help = page { return [] }
      openHelp()
    case .quit: return [.quit]
    case .filter: filter(by: argument)
    case .drain: propose(.set(.drain), note: argument)
    case .ready: propose(.set(.ready), note: argument)
    case .maint: propose(.set(.maint), note: argument)
    case .weight: propose(weight: argument)
    case .undo: proposeUndo()
    case .sort, .theme, .node, .tier: choose(command, argument)
    }
    return []
  }

  /// Carries out a command that takes a name.
  private mutating func choose(_ command: CommandWord, _ argument: String) {
    let names = command.arguments(in: self)
    guard names.contains(argument) else {
      message =
        argument.isEmpty
        ? ":\(command.rawValue) wants \(command == .sort ? "a column" : "a name"): Tab shows what there is"
        : unknown(command == .sort ? "column" : command.rawValue, argument, among: names)
      return
    }
    switch command {
    case .sort:
      guard let key = Sort.Key.all.first(where: { $0.word == argument }) else { return }
      sort(by: key, descending: key.prefersDescending)
      show(.table)
    case .theme:
      if let name = ScreenPreferences.ThemeName(rawValue: argument) { theme = name }
    case .node:
      select(NodeName(argument))
      page = .detail(top: 0)
    case .tier:
      if let tier = names.firstIndex(of: argument) { select(tier: tier) }
    case .map, .table, .graphs, .events, .filter, .drain, .ready, .maint, .weight, .undo, .help, .quit: break
    }
  }

  private func unknown(_ kind: String, _ word: String, among words: [String], prefix: String = "") -> String {
    let hint = nearest(to: word, in: words).map { "; did you mean \(prefix)\($0)?" } ?? ""
    return "no \(kind) \"\(word.shortened(40))\"\(hint)"
  }
}

extension CommandWord {
  /// The command of that name, or the only one that begins so, or one that vim's and k9s' hands type.
  static func resolved(_ word: String) -> CommandWord? {
    if let command = CommandWord(rawValue: word) { return command }
    if word == "q" || word == "q!" || word == "exit" { return .quit }
    let candidates = allCases.filter { $0.rawValue.hasPrefix(word) }
    return candidates.count == 1 ? candidates[0] : nil
  }
}

extension String {
  var trimmed: String {
    var text = Substring(self)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
