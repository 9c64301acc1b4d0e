public import Cluster

extension HostStatus {
  /// What node_exporter says of its machine.
  ///
  /// Time that a processor waits for a disk is idle time. File systems that live in memory, or are full from the
  /// beginning because nothing can be written to them, are left out. Throws `notOf` where the page says nothing
  /// of a machine, and what `MetricReader` throws. Source: node_exporter's collectors.
  public init(nodeExporter page: Span<UInt8>) throws(ReplyFault) {
    self.init()
    var disks = Disks()
    var all: Double?
    var waiting = 0.0
    var isThere = false
    var scan = MetricScan()
    while let item = try MetricReader.next(&scan, page, of: .host) {
      guard case .series(let series) = item else { continue }
      let name = page.extracting(series.name)
      guard starts(name, with: "node_") else { continue }
      isThere = true
      switch name.count {
      case 22 where areSame(name, "node_cpu_seconds_total"):
        guard let seconds = try series.number(in: page) else { break }
        all = (all ?? 0) + seconds
        guard let label = MetricLabels.value("mode", page, series.labels) else { break }
        let mode = page.extracting(label)
        if areSame(mode, "idle") { processors = (processors ?? 0) + 1 }
        if areSame(mode, "idle") || areSame(mode, "iowait") { waiting += seconds }
      case 10 where areSame(name, "node_load1"):
        load = try series.number(in: page).map { wholeNumber($0 * 100) }
      case 26 where areSame(name, "node_memory_MemTotal_bytes"):
        memory = try series.number(in: page).map { wholeNumber($0) }
      case 30 where areSame(name, "node_memory_MemAvailable_bytes"):
        memoryAvailable = try series.number(in: page).map { wholeNumber($0) }
      case 27 where areSame(name, "node_filesystem_avail_bytes"):
        try disks.take(series, page, \.available)
      case 26 where areSame(name, "node_filesystem_size_bytes"):
        try disks.take(series, page, \.size)
      case 32 where areSame(name, "node_network_receive_bytes_total"):
        received = try HostStatus.bytes(received, series, page)
      case 33 where areSame(name, "node_network_transmit_bytes_total"):
        sent = try HostStatus.bytes(sent, series, page)
      case 22 where areSame(name, "node_boot_time_seconds"):
        started = try series.number(in: page).map { wholeNumber($0) }
      default: break
      }
    }
    guard isThere else { throw .notOf(.host, beginning: beginning(of: page)) }
    if let all {
      processorMilliseconds = wholeNumber(all * 1000)
      busyMilliseconds = wholeNumber((all - waiting) * 1000)
    }
    if let fullest = disks.fullest {
      disk = wholeNumber(fullest.size ?? 0)
      diskAvailable = wholeNumber(fullest.available ?? 0)
      mount = HostStatus.mount(page, fullest.labels)
    }
  }

  /// The sum so far, and what this interface adds to it.
  private static func bytes(
    _ sum: Int64?, _ series: MetricScan.Series, _ page: Span<UInt8>
  ) throws(ReplyFault) -> Int64? {
    guard let device = MetricLabels.value("device", page, series.labels),
      !areSame(page.extracting(device), "lo"), let value = try series.number(in: page)
    else { return sum }
    let (total, isOver) = (sum ?? 0).addingReportingOverflow(wholeNumber(value))
    return isOver ? .max : total
  }

  private static func mount(_ page: Span<UInt8>, _ labels: Range<Int>) -> String {
    guard let value = MetricLabels.value("mountpoint", page, labels) else { return "" }
    let bytes = MetricLabels.unescaped(page.extracting(value))
    return printable(bytes.span)
  }

  /// The file systems of a page; each is known by all its labels.
  private struct Disks {
    struct Disk {
      var labels: Range<Int>
      var size: Double?
      var available: Double?

      /// 0…1.
      var used: Double? {
        guard let size, let available, size > 0 else { return nil }
        return 1 - available / size
      }
    }

    private var disks: [Disk] = []
    /// The one after the one before: every figure has them in the same order.
    private var likely = 0

    /// More than a machine has; what comes after them is not looked at.
    private static let limit = 1024

    mutating func take(
      _ series: MetricScan.Series, _ page: Span<UInt8>, _ figure: WritableKeyPath<Disk, Double?>
    ) throws(ReplyFault) {
      guard let kind = MetricLabels.value("fstype", page, series.labels),
        !Disks.isAside(page.extracting(kind)), let value = try series.number(in: page)
      else { return }
      if likely >= disks.count { likely = 0 }
      var place = likely
      if place >= disks.count || !isSame(disks[place].labels, series.labels, page) {
        place = disks.firstIndex { isSame($0.labels, series.labels, page) } ?? disks.count
      }
      if place == disks.count {
        if place == Disks.limit { return }
        disks.append(Disk(labels: series.labels))
      }
      disks[place][keyPath: figure] = value
      likely = place + 1
    }

    var fullest: Disk? {
      disks.filter { $0.used != nil }.max { ($0.used ?? 0) < ($1.used ?? 0) }
    }

    private func isSame(_ one: Range<Int>, _ other: Range<Int>, _ page: Span<UInt8>) -> Bool {
      guard one.count == other.count else { return false }
      for index in 0..<one.count where page[one.lowerBound + index] != page[other.lowerBound + index] {
        return false
      }
      return true
    }

    private static func isAside(_ kind: Span<UInt8>) -> Bool {
      for name in ["tmpfs", "devtmpfs", "ramfs", "squashfs", "iso9660", "udf", "erofs", "cramfs"]
      where areSame(kind, name) { return true }
      return false
    }
  }
}
