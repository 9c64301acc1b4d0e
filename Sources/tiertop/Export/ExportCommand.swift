import Cluster
import Glibc
import History
import Platform
import Wire

/// `tiertop export [LAYOUT] FILE`: saves a stretch of the record as one file.
struct ExportCommand {
  private let invocation: Invocation
  private let file: String
  private let span: TimeSpan
  private let now: WallTime

  private static let usual = Duration.seconds(3600)

  init(_ invocation: Invocation) throws(UsageError) {
    guard let file = invocation.operands.last else { throw .missingOperand(invocation.command) }
    self.file = file
    var rest = invocation
    rest.operands.removeLast()
    self.invocation = rest
    now = SystemClock().now().wall
    span = try PastSpan.span(rest, usual: ExportCommand.usual, now: PastStore.now(for: rest))
  }

  func run() throws -> ExitStatus {
    let timeline = try PastStore.timeline(for: invocation)
    let cluster: String
    do { cluster = try timeline.clusterName() } catch { throw PastFailure.store(error) }
    var options = StoreExport.Options(
      cluster: cluster, madeBy: version, now: now, shareable: Record.shareable)
    options.replaces = invocation.has(.force)
    do {
      let export = try StoreExport(of: span, in: timeline, to: file, options)
      while true {
        guard let summary = try export.step() else { continue }
        report(summary, of: cluster)
        return .good
      }
    } catch {
      if case .exists = error {
        Output.complain("\(error.words) (--force replaces it)")
        return .usage
      }
      throw PastFailure.export(error)
    }
  }

  private func report(_ summary: StoreExport.Summary, of cluster: String) {
    if invocation.has(.json) {
      var json = JSONWriter()
      ExportDocument(cluster: cluster, file: file, summary: summary).write(to: &json)
      Output.write(json.bytes, to: STDOUT_FILENO)
    } else {
      Output.print(
        "saved \(LocalTime.text(of: summary.span.start)) to \(LocalTime.text(of: summary.span.end)) in "
          + "\(printable(file)): \(summary.words)\n")
    }
  }
}
