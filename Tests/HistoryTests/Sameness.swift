import Cluster

/// A frame as a text in which nothing is left out, so that two can be compared.
func picture(of frame: Frame) -> String {
  var lines = ["\(frame.at) \(frame.isBetweenTicks)"]
  for reading in frame.readings {
    lines.append("\(reading.source) \(reading.at) \(reading.took)")
    switch reading.outcome {
    case .failure(let failure): lines.append("\(failure)")
    case .sample(.web(let web)): lines.append("\(web)")
    case .sample(.proxy(let proxy)):
      lines.append("\(proxy.stat.roster.rows)")
      lines.append("\(proxy.stat.figures)")
      // Bytes, because equal texts may be of different ones.
      lines.append("\(proxy.stat.notes.map { Array($0.utf8) })")
      lines.append("\(String(describing: proxy.info)) \(String(describing: proxy.level))")
      lines.append("\(String(describing: proxy.servers))")
    case .sample(let other): lines.append("\(other)")
    }
  }
  return lines.joined(separator: "\n")
}
