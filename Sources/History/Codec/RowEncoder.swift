import Cluster

/// Writes frames one by one, each against the one before: what is safe on disk each tick.
///
/// What it remembers is what a reader of its rows would know, so a row that was not stored makes it worthless:
/// `forget` then, and begin a new chunk.
struct RowEncoder {
  struct SourceMemory {
    var shape = SampleShape()
    var roster: Roster?
    var servers: [ServerID] = []
    var numbers: [Int64] = []
    var texts: [String] = []
    var isKnown = false
  }

  /// Gives names their number.
  struct Numbering<Failure: Error> {
    var roster: (Roster) throws(Failure) -> Int64
    var servers: ([ServerID]) throws(Failure) -> Int64
  }

  private var sources: [SourceMemory] = []
  private var writer = ByteWriter()
  static let version: UInt8 = 1

  /// The next row begins a chunk: everything in it is whole. Names keep the numbers that they have.
  mutating func beginChunk() {
    for index in sources.indices { sources[index].isKnown = false }
  }

  /// The same, and the names' numbers are no longer sure.
  mutating func forget() { sources = [] }

  /// The numbers of the names that the next rows may refer to.
  var names: [Int64] { sources.flatMap { [$0.shape.roster, $0.shape.states].compactMap { $0 } } }

  /// The row of a frame, with its checksum.
  mutating func row<Failure: Error>(
    of frame: Frame, _ numbering: Numbering<Failure>
  ) throws(Failure) -> [UInt8] {
    writer.bytes.removeAll(keepingCapacity: true)
    writer.byte(RowEncoder.version)
    writer.byte(frame.isBetweenTicks ? 1 : 0)
    writer.signed(frame.at.wall.nanoseconds)
    writer.signed(frame.at.uptime.nanoseconds)
    writer.count(frame.readings.count)
    for reading in frame.readings {
      let index = reading.source.index
      while sources.count <= index { sources.append(SourceMemory()) }
      writer.count(index)
      writer.signed(reading.at.wall.nanoseconds &- frame.at.wall.nanoseconds)
      writer.signed(reading.at.uptime.nanoseconds &- frame.at.uptime.nanoseconds)
      writer.signed(reading.took.nanoseconds)
      switch reading.outcome {
      case .failure(let failure):
        writer.byte(0)
        FailureCode.write(failure, to: &writer)
      case .sample(let sample):
        // Taken out while it is changed, so that nothing is copied.
        var memory = SourceMemory()
        swap(&memory, &sources[index])
        defer { swap(&memory, &sources[index]) }
        if try memory.takesShape(of: sample, numbering) {
          writer.byte(1)
          memory.shape.write(to: &writer)
          memory.takeWhole(sample, &writer)
        } else {
          writer.byte(2)
          memory.takeChanges(sample, &writer)
        }
      }
    }
    writer.seal()
    return writer.bytes
  }
}

extension RowEncoder.SourceMemory {
  /// Whether the sample has another shape than the one before it, or there was none; then it is remembered.
  fileprivate mutating func takesShape<Failure: Error>(
    of sample: Sample, _ numbering: RowEncoder.Numbering<Failure>
  ) throws(Failure) -> Bool {
    var next = SampleShape()
    switch sample {
    case .web: break
    case .workers, .database, .host, .router, .address, .name, .firewall, .path:
      next.plain = FlatSample.plain(of: sample)
      next.plainNumbers = 0
      FlatSample.numbers(of: sample) { _ in next.plainNumbers += 1 }
      FlatSample.texts(of: sample) { _ in next.plainTexts += 1 }
    case .proxy(let proxy):
      let roster = proxy.stat.roster
      if roster === self.roster, let number = shape.roster {
        next.roster = number
      } else {
        next.roster = try numbering.roster(roster)
        self.roster = roster
      }
      next.rows = roster.count
      next.hasInfo = proxy.info != nil
      next.level = proxy.level
      if let states = proxy.servers {
        if let number = shape.states, isOf(servers, states) {
          next.states = number
        } else {
          servers = states.rows.map { ServerID(backend: $0.backend, server: $0.server) }
          next.states = try numbering.servers(servers)
        }
        next.stateRows = servers.count
      }
    }
    if isKnown, next == shape { return false }
    shape = next
    isKnown = true
    return true
  }

  private func isOf(_ servers: [ServerID], _ states: ServerStateTable) -> Bool {
    guard servers.count == states.rows.count else { return false }
    for place in servers.indices
    where !areSameBytes(servers[place].server, states.rows[place].server)
      || !areSameBytes(servers[place].backend, states.rows[place].backend)
    {
      return false
    }
    return true
  }

  fileprivate mutating func takeWhole(_ sample: Sample, _ writer: inout ByteWriter) {
    numbers.removeAll(keepingCapacity: true)
    texts.removeAll(keepingCapacity: true)
    // All at once: grown step by step, large ones would be copied again and again.
    numbers.reserveCapacity(shape.numbers)
    texts.reserveCapacity(shape.texts)
    writer.bytes.reserveCapacity(writer.bytes.count + 2 * shape.numbers + 8 * shape.texts)
    FlatSample.numbers(of: sample) { numbers.append($0) }
    FlatSample.texts(of: sample) { texts.append($0) }
    for number in numbers { writer.figure(number) }
    for text in texts { writer.text(text) }
  }

  fileprivate mutating func takeChanges(_ sample: Sample, _ writer: inout ByteWriter) {
    var place = 0
    var last = -1
    FlatSample.numbers(of: sample) { number in
      let before = numbers[place]
      if number != before {
        writer.count(place &- last)
        writer.signed(number &- before)
        numbers[place] = number
        last = place
      }
      place &+= 1
    }
    writer.byte(0)
    place = 0
    last = -1
    FlatSample.texts(of: sample) { text in
      if !areSameBytes(text, texts[place]) {
        writer.count(place &- last)
        writer.text(text)
        texts[place] = text
        last = place
      }
      place &+= 1
    }
    writer.byte(0)
  }
}
