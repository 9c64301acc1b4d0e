public import Cluster

/// The colours of each role: a value that a terminal turns into what it can show.
public struct Theme: Sendable, Hashable {
  public var name: ScreenPreferences.ThemeName
  /// By `Style.Role.rawValue`.
  private var looks: [Look]
  /// The background of what is selected; nil where selection is shown by reversing.
  public var selection: Colour?

  /// How one role looks.
  public struct Look: Sendable, Hashable {
    /// nil is the terminal's own.
    public var foreground: Colour?
    public var background: Colour?
    public var emphasis: Style.Emphasis

    public init(_ foreground: Colour?, on background: Colour? = nil, _ emphasis: Style.Emphasis = []) {
      self.foreground = foreground
      self.background = background
      self.emphasis = emphasis
    }
  }

  init(name: ScreenPreferences.ThemeName, selection: Colour?, _ look: (Style.Role) -> Look) {
    self.name = name
    self.selection = selection
    looks = Style.Role.allCases.map(look)
  }

  public subscript(role: Style.Role) -> Look { looks[Int(role.rawValue)] }

  /// The theme of that name.
  public init(_ name: ScreenPreferences.ThemeName) {
    self =
      switch name {
      case .dark: .dark
      case .light: .light
      case .colourBlind: .colourBlind
      case .mono: .mono
      }
  }
}

/// One colour, in each depth that terminals have.
public struct Colour: Sendable, Hashable {
  /// 0xRRGGBB.
  public var rgb: UInt32
  /// Of xterm's 256 colours.
  public var of256: UInt8
  /// Of the 16 colours of ANSI; 8–15 are the bright ones.
  public var of16: UInt8

  /// The nearest of xterm's 6×6×6 cube and 24 greys is computed; the nearest of 16 has to be chosen by hand,
  /// because every terminal has other ones.
  init(_ rgb: UInt32, ansi: UInt8) {
    self.rgb = rgb
    of16 = ansi
    of256 = Self.nearestOf256(rgb)
  }

  private static func nearestOf256(_ rgb: UInt32) -> UInt8 {
    let wanted = [Int(rgb >> 16 & 0xFF), Int(rgb >> 8 & 0xFF), Int(rgb & 0xFF)]
    let levels = [0, 95, 135, 175, 215, 255]
    func distance(_ other: [Int]) -> Int {
      zip(wanted, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    func nearestLevel(_ value: Int) -> Int {
      levels.indices.min { abs(levels[$0] - value) < abs(levels[$1] - value) } ?? 0
    }
    let cube = wanted.map(nearestLevel)
    let grey = max(0, min(23, (wanted.reduce(0, +) / 3 - 3) / 10))
    let greyLevel = 8 + 10 * grey
    return distance(cube.map { levels[$0] }) <= distance([greyLevel, greyLevel, greyLevel])
      ? UInt8(16 + 36 * cube[0] + 6 * cube[1] + cube[2]) : UInt8(232 + grey)
  }
}
