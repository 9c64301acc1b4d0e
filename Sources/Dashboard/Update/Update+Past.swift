import Cluster

extension State {
  /// The time that is shown; where nothing was read yet, none.
  private var shownTime: WallTime? { now?.wall }

  mutating func look(_ motion: Intent.PastMotion) -> [Effect] {
    guard let time = shownTime else { return [] }
    switch motion {
    case .step(let count):
      // From now, one step back is the newest that is recorded.
      guard let past else { return count < 0 ? [.look(.at(time))] : [] }
      return [.look(.step(count, from: past.place))]
    case .by(let span):
      let wanted = WallTime(nanoseconds: time.nanoseconds &+ span.nanoseconds)
      if let present = present.now?.wall, wanted >= present {
        showPresent()
        return []
      }
      return [.look(.at(wanted))]
    case .nextIncident: return past == nil ? [] : [.look(.incident(after: time))]
    case .previousIncident: return [.look(.incidentBefore(time))]
    case .pause:
      if past == nil { return [.look(.at(time))] }
      showPresent()
      return []
    case .present:
      showPresent()
      return []
    case .goTo:
      prompt = Prompt(kind: .time, text: "", before: "")
      return []
    }
  }

  /// Goes to a moment that was typed.
  mutating func look(at text: String) -> [Effect] {
    guard let present = present.now?.wall else { return [] }
    do throws(TimeFault) {
      let time = try TimeExpression(parsing: text)
        .resolved(now: present, utcOffset: look.utcOffset, looking: past?.place.at)
      if time >= present {
        showPresent()
        return []
      }
      return [.look(.at(time))]
    } catch {
      message = error.words
      return []
    }
  }
}
