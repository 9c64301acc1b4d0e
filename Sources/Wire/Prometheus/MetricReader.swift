public import Cluster

/// Reads what a layout names out of pages of Prometheus metrics.
public struct MetricReader: Sendable {
  private let wanted: [Wanted]

  private struct Wanted: Sendable {
    var role: Role
    var pattern: MetricPattern
    /// What the page calls its family, where that is not the name of the series.
    var family: [UInt8]
  }

  private enum Role: Int, Sendable {
    case requests, errors, busy, bucket, sum, count, start
  }

  /// A histogram with more buckets is nobody's.
  public static let bucketLimit = 1024

  /// nil where a name is none.
  public init?(_ names: MetricNames) {
    var wanted: [Wanted] = []
    func want(_ role: Role, _ text: String?, suffix: String = "") -> Bool {
      guard let text else { return true }
      guard var pattern = MetricPattern(text) else { return false }
      let family = pattern.name
      pattern.name += suffix.utf8
      wanted.append(Wanted(role: role, pattern: pattern, family: family))
      return true
    }
    let areNames =
      want(.requests, names.requests) && want(.errors, names.errors) && want(.busy, names.busy)
      && want(.bucket, names.latency, suffix: "_bucket") && want(.sum, names.latency, suffix: "_sum")
      && want(.count, names.latency, suffix: "_count") && want(.start, "process_start_time_seconds")
    guard areNames else { return nil }
    self.wanted = wanted
  }

  /// What the page says of the requests: each figure is the sum of all series that are meant.
  ///
  /// A family that is there without such a series counts 0: nothing of the kind has happened. One that is not
  /// there is nil. Where no counter of requests is named, those of the latencies count. Throws `missingColumn`
  /// where nothing that was named is there, `notOf` for another page, `truncated` where its last line does
  /// not end, `brokenRow`, `notANumber`, and `tooManyRows` for a histogram beyond `bucketLimit`.
  public func status(from page: Span<UInt8>) throws(ReplyFault) -> WorkerStatus {
    var sums: [Double?] = Array(repeating: nil, count: Role.start.rawValue + 1)
    var buckets = Buckets()
    var scan = MetricScan()
    while let item = try MetricReader.next(&scan, page, of: .metrics) {
      switch item {
      case .family(let name):
        for each in wanted where each.role != .start && isFamily(page.extracting(name), of: each) {
          sums[each.role.rawValue] = sums[each.role.rawValue] ?? 0
        }
      case .series(let series):
        for each in wanted where areSame(page.extracting(series.name), each.pattern.name) {
          let isMeant = each.pattern.matches(series, in: page)
          let value = isMeant ? try series.number(in: page) : 0
          guard let value else { continue }
          sums[each.role.rawValue] = (sums[each.role.rawValue] ?? 0) + value
          if each.role == .bucket, isMeant { try buckets.add(value, series, page) }
        }
      }
    }
    func sum(_ role: Role) -> Double? { sums[role.rawValue] }
    let named = wanted.first { $0.role != .start }
    if let named, !wanted.contains(where: { $0.role != .start && sum($0.role) != nil }) {
      throw .missingColumn(String(decoding: named.family, as: UTF8.self))
    }
    var status = WorkerStatus()
    let isCounted = wanted.contains { $0.role == .requests }
    status.requests = sum(isCounted ? .requests : .count).map { wholeNumber($0) }
    status.errors = sum(.errors).map { wholeNumber($0) }
    status.busy = sum(.busy).map { wholeNumber($0) }
    status.microseconds = sum(.sum).map { wholeNumber($0 * 1_000_000) }
    status.started = sum(.start).map { wholeNumber($0.rounded(.down)) }
    status.histogram = buckets.sorted
    return status
  }

  /// OpenMetrics calls the family of a counter what it is without `_total`.
  private func isFamily(_ name: Span<UInt8>, of each: Wanted) -> Bool {
    if areSame(name, each.family) { return true }
    let suffix = "_total".utf8
    return each.family.count == name.count + suffix.count
      && each.family.suffix(suffix.count).elementsEqual(suffix)
      && areSame(name, Array(each.family.dropLast(suffix.count)))
  }

  /// What is no page of metrics from its first line on is something else.
  static func next(
    _ scan: inout MetricScan, _ page: Span<UInt8>, of system: Source.System
  ) throws(ReplyFault) -> MetricScan.Item? {
    do {
      return try scan.next(in: page)
    } catch {
      if case .brokenRow(line: 1) = error { throw .notOf(system, beginning: beginning(of: page)) }
      throw error
    }
  }

  /// The counts of all series with one bound, bound by bound.
  private struct Buckets {
    private var bounds: [(bound: Int64, count: Double)] = []
    /// The bound after the one before: series come one after the other, each with all its bounds.
    private var likely = 0

    mutating func add(_ count: Double, _ series: MetricScan.Series, _ page: Span<UInt8>) throws(ReplyFault) {
      guard let label = MetricLabels.value("le", page, series.labels) else { return }
      let text = page.extracting(label)
      guard let seconds = decimalNumber(text) ?? (areSame(text, "+Inf") ? .infinity : nil) else { return }
      let bound = seconds == .infinity ? Int64.max : wholeNumber(seconds * 1_000_000)
      var place = likely
      if place >= bounds.count || bounds[place].bound != bound {
        place = bounds.firstIndex { $0.bound == bound } ?? bounds.count
      }
      if place == bounds.count {
        guard place < MetricReader.bucketLimit else { throw .tooManyRows(limit: MetricReader.bucketLimit) }
        bounds.append((bound, 0))
      }
      bounds[place].count += count
      likely = (place + 1) % max(1, bounds.count)
    }

    var sorted: [WorkerStatus.Bucket] {
      bounds.sorted { $0.bound < $1.bound }
        .map { WorkerStatus.Bucket(bound: $0.bound, count: wholeNumber($0.count)) }
    }
  }
}
