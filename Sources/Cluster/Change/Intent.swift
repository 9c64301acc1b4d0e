/// What a person last set on one server of one load balancer.
public struct Intent: Hashable, Sendable {
  public var row: ServerRow
  public var wish: Wish
  public var actor: Actor
  /// Sanitised; empty for none.
  public var note: String
  /// When reading back had shown it. Only what was asked after that tells whether it still holds.
  public var since: WallTime

  public enum Wish: Hashable, Sendable {
    case ready
    case drain
    case maint
    case weight(Int64)

    /// The wish behind an action; nil for what is done once and does not stay.
    public init?(_ action: ServerAction) {
      switch action {
      case .set(let state): self = Wish(state)
      case .weight(let weight): self = .weight(weight)
      case .shutdownSessions: return nil
      }
    }

    init(_ state: AdminState) {
      switch state {
      case .ready: self = .ready
      case .drain: self = .drain
      case .maint: self = .maint
      }
    }

    /// The action that fulfils it.
    public var action: ServerAction {
      switch self {
      case .ready: .set(.ready)
      case .drain: .set(.drain)
      case .maint: .set(.maint)
      case .weight(let weight): .weight(weight)
      }
    }

    /// Whether it is about the weight, and not about the state.
    public var isWeight: Bool {
      if case .weight = self { true } else { false }
    }

    /// Whether a server that stands otherwise has lost it. `ready` is what every server is without a wish:
    /// who drains it later has a wish of their own.
    public var canBeLost: Bool { self != .ready }
  }

  public init(row: ServerRow, wish: Wish, actor: Actor, note: String, since: WallTime) {
    self.row = row
    self.wish = wish
    self.actor = actor
    self.note = printable(note)
    self.since = since
  }
}
