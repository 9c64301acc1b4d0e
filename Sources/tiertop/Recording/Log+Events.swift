import Cluster
import Dashboard

extension Log {
  /// Writes an event down where it is one that somebody on watch has to know of; all of them are in the store.
  func note(_ event: Event) {
    let node = event.node?.text ?? ""
    switch event.change {
    case .health(let from, let verdict):
      let fields: KeyValuePairs = [
        "node": node, "from": from.rawValue, "to": verdict.state.rawValue,
        "reason": verdict.reason?.words ?? "",
      ]
      if verdict.isTrouble { warning("health", fields) } else { info("health", fields) }
    case .reason(let from, let to):
      warning("still degraded", ["node": node, "was": from.words, "reason": to.words])
    case .sourceLost(let system, let failure):
      warning("source lost", ["node": node, "source": system.rawValue, "reason": failure.words])
    case .sourceBack(let system):
      info("source back", ["node": node, "source": system.rawValue])
    case .moved(let from, let to, let gap):
      warning(
        "failover",
        ["address": node, "from": from.text, "to": to.text, "gap": gap.map { Figures.gap($0) } ?? ""])
    case .admin, .weight, .changed, .lost, .reset, .appeared, .vanished: break
    }
  }
}
