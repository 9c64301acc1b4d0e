internal import CYAML

/// Drives libyaml's event parser over bytes that outlive it; `close` gives its memory back.
struct YAMLBuilder {
  private(set) var refusals: [(refusal: YAMLRefusal, place: Place)] = []
  private let bytes: UnsafeBufferPointer<UInt8>
  /// On the heap: libyaml keeps pointers into it.
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let isReady: Bool
  private var nodes = 0

  init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    parser = .allocate(capacity: 1)
    isReady = yaml_parser_initialize(parser) == 1
    if isReady { yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count) }
  }

  func close() {
    if isReady { yaml_parser_delete(parser) }
    parser.deallocate()
  }

  /// The first document of the stream.
  mutating func document() throws(YAMLFault) -> YAMLNode {
    while true {
      let event = try next()
      switch event.kind {
      case .streamEnd: throw .empty
      case .begin:
        guard let root = try node(from: event, depth: 1) else { throw .empty }
        try refuseMoreDocuments()
        return root
      case .alias:
        refusals.append((.alias, event.place))
        return YAMLNode(place: event.place, content: .refused)
      case .end, .other: continue
      }
    }
  }

  private mutating func refuseMoreDocuments() throws(YAMLFault) {
    while true {
      let event = try next()
      switch event.kind {
      case .streamEnd: return
      case .begin, .alias:
        refusals.append((.secondDocument, event.place))
        return
      case .end, .other: continue
      }
    }
  }

  /// The node that begins with an event; nil at the end of what holds it.
  private mutating func node(from event: Event, depth: Int) throws(YAMLFault) -> YAMLNode? {
    switch event.kind {
    case .end, .streamEnd, .other: return nil
    case .alias:
      refusals.append((.alias, event.place))
      return YAMLNode(place: event.place, content: .refused)
    case .begin: break
    }
    nodes += 1
    guard nodes <= YAMLTree.nodeLimit else { throw .tooManyNodes(limit: YAMLTree.nodeLimit, at: event.place) }
    guard depth <= YAMLTree.depthLimit else { throw .tooDeep(limit: YAMLTree.depthLimit, at: event.place) }
    if event.hasAnchor { refusals.append((.anchor, event.place)) }
    if event.hasTag { refusals.append((.tag, event.place)) }
    return YAMLNode(place: event.place, content: try content(of: event, depth: depth))
  }

  private mutating func content(of event: Event, depth: Int) throws(YAMLFault) -> YAMLNode.Content {
    switch event.shape {
    case .scalar(let text, let isPlain): return .scalar(text, isPlain: isPlain)
    case .sequence:
      var items: [YAMLNode] = []
      while let item = try node(from: try next(), depth: depth + 1) { items.append(item) }
      return .sequence(items)
    case .mapping:
      var pairs: [YAMLNode.Pair] = []
      while let key = try node(from: try next(), depth: depth + 1) {
        guard let value = try node(from: try next(), depth: depth + 1) else { break }
        switch key.content {
        case .scalar: pairs.append(YAMLNode.Pair(key: key, value: value))
        case .mapping, .sequence: refusals.append((.complexKey, key.place))
        case .refused: break
        }
      }
      return .mapping(pairs)
    }
  }
}

extension YAMLBuilder {
  /// What is kept of one event of libyaml's.
  private struct Event {
    var kind: Kind
    var place: Place
    var shape = Shape.sequence
    var hasAnchor = false
    var hasTag = false

    enum Kind { case begin, end, alias, streamEnd, other }
    enum Shape {
      case scalar(String, isPlain: Bool)
      case sequence, mapping
    }
  }

  private mutating func next() throws(YAMLFault) -> Event {
    guard isReady else { throw .syntax(doing: "", problem: "out of memory", at: Place(line: 1, column: 1)) }
    var raw = yaml_event_t()
    guard yaml_parser_parse(parser, &raw) == 1 else { throw fault() }
    defer { yaml_event_delete(&raw) }
    var event = Event(kind: .other, place: Place(raw.start_mark))
    switch raw.type {
    case YAML_STREAM_END_EVENT, YAML_NO_EVENT: event.kind = .streamEnd
    case YAML_ALIAS_EVENT: event.kind = .alias
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: event.kind = .end
    case YAML_SEQUENCE_START_EVENT: event.kind = .begin
    case YAML_MAPPING_START_EVENT:
      event.kind = .begin
      event.shape = .mapping
    case YAML_SCALAR_EVENT:
      event.kind = .begin
      let text = UnsafeBufferPointer(start: CYAML_scalar(&raw), count: CYAML_scalar_length(&raw))
      event.shape = .scalar(String(decoding: text, as: UTF8.self), isPlain: CYAML_scalar_is_plain(&raw) != 0)
    default: break
    }
    event.hasAnchor = CYAML_has_anchor(&raw) != 0
    event.hasTag = CYAML_has_tag(&raw) != 0
    return event
  }

  /// Why libyaml gave up. Its words are constants of its own: nothing of the file is in them.
  private func fault() -> YAMLFault {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "out of memory"
    let doing = parser.pointee.context.map { String(cString: $0) } ?? ""
    // The reader (wrong encoding) knows an offset into the bytes and no mark.
    guard parser.pointee.error != YAML_READER_ERROR else {
      return .syntax(doing: doing, problem: problem, at: place(ofByte: parser.pointee.problem_offset))
    }
    let mark = parser.pointee.problem_mark
    if mark.index < bytes.count, problem == "found character that cannot start any token",
      byte(at: mark) == UInt8(ascii: "\t")
    {
      return .tab(at: Place(mark))
    }
    return .syntax(doing: doing, problem: problem, at: Place(mark))
  }

  private func place(ofByte offset: Int) -> Place {
    var start = min(max(0, offset), bytes.count)
    // libyaml names the byte within a character that is wrong; the place is the character's.
    while start > 0, offset - start < 3, bytes[start - 1] & 0xC0 == 0x80 { start -= 1 }
    start = start > 0 && bytes[start - 1] >= 0xC0 ? start - 1 : min(max(0, offset), bytes.count)
    var place = Place(line: 1, column: 1)
    for byte in bytes.prefix(start) {
      if byte == UInt8(ascii: "\n") {
        place = Place(line: place.line + 1, column: 1)
      } else if byte & 0xC0 != 0x80 {
        place.column += 1
      }
    }
    return place
  }

  /// The byte at a mark of a file in UTF-8, counted again by lines: a mark counts characters.
  private func byte(at mark: yaml_mark_t) -> UInt8? {
    var place = Place(line: 1, column: 1)
    let wanted = Place(mark)
    for byte in bytes {
      if place == wanted, byte & 0xC0 != 0x80 { return byte }
      if byte == UInt8(ascii: "\n") {
        place = Place(line: place.line + 1, column: 1)
      } else if byte & 0xC0 != 0x80 {
        place.column += 1
      }
    }
    return nil
  }
}

extension Place {
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: Int(clamping: mark.line) &+ 1, column: Int(clamping: mark.column) &+ 1)
  }
}
