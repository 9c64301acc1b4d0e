/// The part of a list that is on the screen.
enum Window {
  /// The first line that is shown of `count` where `height` lines fit: `top` where it can stay, else as
  /// little as needed away from it so that `selected` is seen and no line stays empty.
  static func top(_ top: Int, selected: Int?, count: Int, height: Int) -> Int {
    guard height > 0, count > height else { return 0 }
    var top = min(max(0, top), count - height)
    if let selected {
      if selected < top { top = selected }
      if selected >= top + height { top = selected - height + 1 }
    }
    return min(max(0, top), count - height)
  }
}
