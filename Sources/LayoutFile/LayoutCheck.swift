import Cluster

/// What `tiertop layout check FILE` says.
public enum LayoutCheck {
  public struct Report: Hashable, Sendable {
    /// Lines of text: every mistake, or one that says what was found to be fine. Sanitised.
    public var lines: [String]
    /// Whether the file is a layout without mistakes.
    public var isGood: Bool
    /// 0 for a good layout, 2 for every other file.
    public var exitStatus: Int32 { isGood ? 0 : 2 }
  }

  public static func report(path: String) -> Report {
    do {
      let layout = try LayoutFile.read(path: path)
      let polled = PollPlan(for: layout).sources.count
      let summary =
        "\(printable(path)): fine: \(layout.cluster), \(count(layout.tiers.count, "tier")),"
        + " \(count(layout.nodes.count, "node")), \(count(polled, "source"))"
        + " asked every \(layout.interval.layoutText)"
      return Report(lines: [summary], isGood: true)
    } catch {
      var lines = error.wording(in: path)
      if case .mistakes(let mistakes) = error {
        lines.append("\(printable(path)): \(count(mistakes.count, "mistake"))")
      }
      return Report(lines: lines, isGood: false)
    }
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
