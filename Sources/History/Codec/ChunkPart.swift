import Cluster

/// What one source said in a chunk, unpacked: any of its readings can be had at once.
struct ChunkPart {
  /// Samples of one shape in a row.
  private struct Segment {
    /// The first of them.
    var parts: FlatParts
    /// What differs in the others; of a text its place in the list of all.
    var columns: ChangingColumns
  }

  /// A segment while it is read, texts by their places in the list of all.
  private struct OpenSegment {
    var shape: SampleShape
    var numbers: [Int64]
    var texts: [Int64]
    var columns = ChangingColumns()
    var samples: Int
  }

  private enum Outcome {
    case failure(Int)
    case sample(segment: Int, place: Int)
  }

  private var walls: [Int64] = []
  private var offsets: [Int64] = []
  private var tooks: [Int64] = []
  private var outcomes: [Outcome] = []
  private(set) var failures: [ReadFailure] = []
  private var texts: [String] = []
  private var segments: [Segment] = []

  var count: Int { outcomes.count }

  /// Changes in all columns together.
  var changeCount: Int { segments.reduce(0) { $0 + $1.columns.count } }

  /// Numbers that it holds, as long as it is held: what it weighs.
  var held: Int {
    segments.reduce(0) { $0 + $1.parts.numberCount + 2 * $1.parts.textCount + $1.columns.count * 3 / 2 }
  }

  /// The numbers of the names that its samples refer to.
  var names: Set<Int64> {
    segments.reduce(into: []) {
      $0.formUnion([$1.parts.shape.roster, $1.parts.shape.states].compactMap { $0 })
    }
  }

  /// - Parameters:
  ///   - filter: the rows that are wanted; nil for all of them.
  ///   - room: changes that its columns may have.
  init(
    _ bytes: [UInt8], filter: RowFilter? = nil, room: Int = .max, from origin: Origin = .own
  ) throws(ChunkFault) {
    var reader = ByteReader(bytes, from: origin)
    let version = try reader.byte()
    guard version == ChunkBuilder.version else { throw .version(Int(version)) }
    let tags = try reader.blob()
    walls = try ChunkPart.signed(tags.count, &reader)
    offsets = try ChunkPart.signed(tags.count, &reader)
    tooks = try ChunkPart.signed(tags.count, &reader)
    for place in tooks.indices.dropFirst() { tooks[place] &+= tooks[place - 1] }
    guard walls.allSatisfy(origin.takes), offsets.allSatisfy(origin.takes), tooks.allSatisfy(origin.takes)
    else { throw .invalid("time") }
    var samples: [Int] = []
    for tag in tags {
      switch SourceColumns.Tag(rawValue: tag) {
      case .newFailure:
        failures.append(try FailureCode.read(from: &reader))
        outcomes.append(.failure(failures.count - 1))
      case .sameFailure:
        guard !failures.isEmpty else { throw .invalid("failure") }
        outcomes.append(.failure(failures.count - 1))
      case .segment:
        outcomes.append(.sample(segment: samples.count, place: 0))
        samples.append(1)
      case .sample:
        guard let place = samples.last else { throw .withoutBase(source: -1) }
        outcomes.append(.sample(segment: samples.count - 1, place: place))
        samples[samples.count - 1] += 1
      case nil: throw .invalid("tag")
      }
    }
    for _ in 0..<(try reader.count("texts")) { texts.append(try reader.text()) }
    var room = room
    for count in samples {
      let segment = try segment(of: count, filter, room: room, &reader)
      room -= segment.columns.count
      segments.append(segment)
    }
    try reader.finish()
  }

  private static func signed(_ count: Int, _ reader: inout ByteReader) throws(ChunkFault) -> [Int64] {
    var values: [Int64] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try reader.signed()) }
    return values
  }

  private func segment(
    of samples: Int, _ filter: RowFilter?, room: Int, _ reader: inout ByteReader
  ) throws(ChunkFault) -> Segment {
    let shape = try SampleShape(from: &reader)
    guard try reader.number() == UInt64(samples) else { throw .invalid("samples") }
    guard shape.numbers <= reader.left, shape.texts <= reader.left else { throw .truncated }
    var segment = OpenSegment(
      shape: shape, numbers: [Int64](repeating: 0, count: shape.numbers),
      texts: [Int64](repeating: 0, count: shape.texts), samples: samples)
    for order in 0..<shape.numbers { segment.numbers[shape.numberPlace(order)] = try reader.figure() }
    for order in 0..<shape.texts {
      segment.texts[shape.textPlace(order)] = Int64(try reader.index(below: texts.count, "texts"))
    }
    if let filter {
      let form = try filter.form(of: shape)
      var reduced = OpenSegment(
        shape: form.shape, numbers: [Int64](repeating: StatTable.absent, count: form.shape.numbers),
        texts: [Int64](repeating: segment.texts.first ?? 0, count: form.shape.texts), samples: samples)
      for (place, target) in form.numbers.enumerated() where target >= 0 {
        reduced.numbers[Int(target)] = segment.numbers[place]
      }
      try readColumns(of: &reduced, shape, form, room: room, &reader)
      return try closed(reduced)
    }
    try readColumns(of: &segment, room: room, &reader)
    return try closed(segment)
  }

  private func closed(_ segment: consuming OpenSegment) throws(ChunkFault) -> Segment {
    let own = segment.texts.map { texts[Int($0)] }
    return Segment(
      parts: try FlatParts(segment.shape, numbers: segment.numbers, texts: own), columns: segment.columns)
  }

  /// Reads the columns that are wanted, and passes over all others; groups without any are not looked into.
  private func readColumns(
    of segment: inout OpenSegment, _ shape: SampleShape, _ form: RowFilter.Form, room: Int,
    _ reader: inout ByteReader
  ) throws(ChunkFault) {
    let numbers = shape.numbers
    for group in shape.groups {
      var targets: [Int32] = []
      var order = -1
      while true {
        let gap = try reader.index(below: group.count + 1, "columns")
        if gap == 0 { break }
        order += gap
        guard order < group.count else { throw .tooLarge("columns") }
        let place = shape.columnPlace(group.lowerBound + order)
        targets.append(place < numbers ? form.numbers[place] : form.texts[place - numbers])
      }
      if targets.isEmpty { continue }
      var planes = try PlaneReader(&reader)
      // What comes after the last that is wanted need not be read.
      guard let last = targets.lastIndex(where: { $0 >= 0 }) else { continue }
      for target in targets[...last] {
        if target >= 0 {
          try readColumn(Int(target), of: &segment, room: room, &planes)
        } else {
          try passColumn(segment.samples, &planes)
        }
      }
    }
  }

  private func passColumn(_ samples: Int, _ planes: inout PlaneReader) throws(ChunkFault) {
    var sample = 1
    while sample < samples {
      if try planes.number() != 0 {
        sample &+= 1
      } else {
        let run = try planes.number()
        guard run > 0, run <= UInt64(samples - sample) else { throw .invalid("run") }
        sample &+= Int(run)
      }
    }
  }

  private func readColumns(
    of segment: inout OpenSegment, room: Int, _ reader: inout ByteReader
  ) throws(ChunkFault) {
    for group in segment.shape.groups {
      var places: [Int] = []
      var order = -1
      while true {
        let gap = try reader.index(below: group.count + 1, "columns")
        if gap == 0 { break }
        order += gap
        guard order < group.count else { throw .tooLarge("columns") }
        places.append(segment.shape.columnPlace(group.lowerBound + order))
      }
      if places.isEmpty { continue }
      var planes = try PlaneReader(&reader)
      for place in places { try readColumn(place, of: &segment, room: room, &planes) }
      try planes.finish()
    }
  }

  private func readColumn(
    _ place: Int, of segment: inout OpenSegment, room: Int, _ planes: inout PlaneReader
  ) throws(ChunkFault) {
    let (numbers, samples) = (segment.numbers.count, segment.samples)
    let isNumber = place < numbers
    var value = isNumber ? segment.numbers[place] : segment.texts[place - numbers]
    segment.columns.begin(at: place)
    var sample = 1
    while sample < samples {
      let token = try planes.number()
      if token != 0 {
        value &+= unzigzag(token)
        guard isNumber || texts.indices.contains(Int(value)) else { throw .tooLarge("texts") }
        guard segment.columns.count < room else { throw .tooLarge("columns") }
        segment.columns.add(value, from: sample)
        sample &+= 1
      } else {
        let run = try planes.number()
        guard run > 0, run <= UInt64(samples - sample) else { throw .invalid("run") }
        sample &+= Int(run)
      }
    }
  }

  /// Whether a part holds anything but failures.
  static func hasSample(_ bytes: [UInt8]) throws(ChunkFault) -> Bool {
    var reader = ByteReader(bytes)
    _ = try reader.byte()
    return try reader.blob().contains(SourceColumns.Tag.segment.rawValue)
  }

  /// Whether a reading gave anything.
  func isSample(_ place: Int) -> Bool {
    if case .sample = outcomes[place] { true } else { false }
  }

  /// The reading at a place, where its frame was complete at `frame`.
  func reading(
    _ place: Int, of source: Int, frame: Moment, names: some NameStore
  ) throws(ChunkFault) -> Reading {
    let wall = walls[place]
    let at = Moment(
      wall: WallTime(nanoseconds: frame.wall.nanoseconds &+ wall),
      uptime: Uptime(nanoseconds: frame.uptime.nanoseconds &+ wall &+ offsets[place]))
    let outcome: Reading.Outcome
    switch outcomes[place] {
    case .failure(let index): outcome = .failure(failures[index])
    case .sample(let index, let sample):
      outcome = .sample(try self.sample(sample, of: segments[index], names))
    }
    return Reading(source: SourceID(source), at: at, took: .nanoseconds(tooks[place]), outcome: outcome)
  }

  private func sample(
    _ sample: Int, of segment: Segment, _ names: some NameStore
  ) throws(ChunkFault) -> Sample {
    var parts = segment.parts
    let numbers = parts.numberCount
    segment.columns.values(at: sample) { place, value in
      if place < numbers {
        parts[number: place] = value
      } else {
        parts[text: place - numbers] = texts[Int(value)]
      }
    }
    return try FlatSample.sample(parts, names: names)
  }
}
