import Cluster

extension Theme {
  /// For dark backgrounds: quiet greys, and colour only where something is to be seen.
  static let dark = Theme(name: .dark, selection: Colour(0x30_3A46, ansi: 4)) { role in
    switch role {
    case .text: Look(nil)
    case .label: Look(Colour(0x8A_919C, ansi: 7))
    case .line: Look(Colour(0x58_6069, ansi: 8))
    case .title: Look(Colour(0xE6_EDF3, ansi: 15), .bold)
    case .accent: Look(Colour(0x79_C0FF, ansi: 14))
    case .up: Look(Colour(0x56_D364, ansi: 10))
    case .degraded: Look(Colour(0xF2_CC60, ansi: 11))
    case .draining: Look(Colour(0x79_C0FF, ansi: 14))
    case .maint: Look(Colour(0xB3_92F0, ansi: 13))
    case .down: Look(Colour(0xFF_7B72, ansi: 9))
    case .stale: Look(Colour(0x8A_919C, ansi: 8))
    case .unknown: Look(Colour(0x8A_919C, ansi: 8))
    case .graph: Look(Colour(0x4B_8B93, ansi: 6))
    case .live: Look(Colour(0x56_D364, ansi: 10), .bold)
    case .replay: Look(Colour(0xF2_CC60, ansi: 11), .bold)
    }
  }

  /// For light backgrounds.
  static let light = Theme(name: .light, selection: Colour(0xD7_E6F5, ansi: 7)) { role in
    switch role {
    case .text: Look(nil)
    case .label: Look(Colour(0x57_606A, ansi: 8))
    case .line: Look(Colour(0x9A_A3AC, ansi: 8))
    case .title: Look(Colour(0x1F_2328, ansi: 0), .bold)
    case .accent: Look(Colour(0x09_69DA, ansi: 4))
    case .up: Look(Colour(0x1A_7F37, ansi: 2))
    case .degraded: Look(Colour(0x9A_5B00, ansi: 3))
    case .draining: Look(Colour(0x09_69DA, ansi: 4))
    case .maint: Look(Colour(0x82_50DF, ansi: 5))
    case .down: Look(Colour(0xCF_222E, ansi: 1))
    case .stale: Look(Colour(0x6E_7781, ansi: 8))
    case .unknown: Look(Colour(0x6E_7781, ansi: 8))
    case .graph: Look(Colour(0x6F_A8AE, ansi: 6))
    case .live: Look(Colour(0x1A_7F37, ansi: 2), .bold)
    case .replay: Look(Colour(0x9A_5B00, ansi: 3), .bold)
    }
  }

  /// For eyes that do not tell red from green, on dark or light backgrounds.
  ///
  /// Source of the palette: Okabe and Ito, "Color Universal Design"; blue is good, orange and vermilion bad.
  static let colourBlind = Theme(name: .colourBlind, selection: Colour(0x4A_4A4A, ansi: 8)) { role in
    switch role {
    case .text: Look(nil)
    case .label: Look(Colour(0x9E_9E9E, ansi: 7))
    case .line: Look(Colour(0x6C_6C6C, ansi: 8))
    case .title: Look(nil, .bold)
    case .accent: Look(Colour(0x56_B4E9, ansi: 14))
    case .up: Look(Colour(0x56_B4E9, ansi: 12))
    case .degraded: Look(Colour(0xE6_9F00, ansi: 11))
    case .draining: Look(Colour(0x00_9E73, ansi: 6))
    case .maint: Look(Colour(0xCC_79A7, ansi: 13))
    case .down: Look(Colour(0xD5_5E00, ansi: 9))
    case .stale: Look(Colour(0x9E_9E9E, ansi: 8))
    case .unknown: Look(Colour(0x9E_9E9E, ansi: 8))
    case .graph: Look(Colour(0x3F_7FA3, ansi: 6))
    case .live: Look(Colour(0x56_B4E9, ansi: 12), .bold)
    case .replay: Look(Colour(0xE6_9F00, ansi: 11), .bold)
    }
  }

  /// Without colours: glyph, word and weight say everything.
  static let mono = Theme(name: .mono, selection: nil) { role in
    switch role {
    case .title, .degraded, .live: Look(nil, .bold)
    case .down: Look(nil, [.bold, .underline])
    case .replay: Look(nil, [.bold, .reverse])
    case .label, .line, .stale, .unknown: Look(nil, .dim)
    case .text, .accent, .up, .draining, .maint, .graph: Look(nil)
    }
  }
}
