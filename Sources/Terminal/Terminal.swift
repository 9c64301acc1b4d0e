import CTerminal
public import Dashboard
import Glibc

/// The terminal of this process, taken over until it is closed: shows grids, reads keys.
///
/// It sends only what has changed, one picture at a time, and never waits for a terminal that takes nothing. On every
/// way out it gives the terminal back: `close()`, the end of this object, and crashes. Not for use from two threads;
/// there is one to a process.
public final class Terminal {
  /// Whether the user's locale has the signs beyond ASCII.
  public let isUnicode: Bool
  private let depth: Palette.Depth
  private var palette: Palette?
  /// What the terminal shows; nil where that is not known.
  private var shown: Grid?
  private var shownTheme: Theme?
  private var cells: [term_cell] = []
  private var reader = InputReader()

  /// Takes the terminal over.
  ///
  /// `NO_COLOR` (no-color.org) is heeded; 24-bit colours need `COLORTERM=truecolor` and a `-direct` entry of
  /// terminfo.
  ///
  /// - Parameter usesMouse: whether clicks and the wheel come here; else the terminal keeps them for itself.
  public init(usesMouse: Bool = true) throws(TerminalFailure) {
    let type = Self.variable("TERM") ?? ""
    // The console of Linux has a font of 512 signs: no braille and few blocks.
    isUnicode = term_locale_is_utf8() && type != "linux"
    switch Int(term_open(usesMouse)) {
    case TERM_OK: break
    case TERM_NOT_A_TERMINAL: throw .notATerminal
    case TERM_UNKNOWN_TYPE: throw .unknownType(type)
    case TERM_TOO_SIMPLE: throw .tooSimple(type)
    default: throw .failed
    }
    let refusesColour = !(Self.variable("NO_COLOR") ?? "").isEmpty
    depth = refusesColour ? .mono : Palette.Depth(colours: Int(term_colours()))
  }

  deinit { term_close() }

  /// The descriptor that becomes readable when a key was pressed.
  public var inputDescriptor: Int32 { term_input_fd() }

  /// The descriptor that becomes writable when the terminal takes more of what waits.
  public var outputDescriptor: Int32 { term_output_fd() }

  public var size: Size {
    var (width, height): (Int32, Int32) = (0, 0)
    term_size(&width, &height)
    return Size(width: Int(width), height: Int(height))
  }

  /// Shows a grid: what differs from the one before is sent, nothing else.
  ///
  /// While the terminal has not taken what was shown before, nothing is shown: `sendOn()` comes first.
  ///
  /// - Returns: whether the terminal has taken all of it.
  public func show(_ grid: Grid, theme: Theme) -> Bool {
    guard sendOn() else { return false }
    if shownTheme != theme || palette == nil {
      palette = Palette(theme: theme, depth: depth) { pair, foreground, background in
        term_define_pair(Int32(pair), Int32(foreground), Int32(background))
      }
      shownTheme = theme
      shown = nil
    }
    let bounds = size
    let before = shown?.size == grid.size ? shown : nil
    for y in 0..<min(grid.size.height, bounds.height) {
      if let run = grid.changedRun(inRow: y, since: before, width: bounds.width) {
        put(run, of: grid, row: y)
      }
    }
    shown = grid
    term_refresh()
    return sendOn()
  }

  /// Sends what waits, as much as the terminal takes now.
  ///
  /// - Returns: whether nothing is left.
  public func sendOn() -> Bool { term_send() }

  /// The next thing that was typed, clicked or pasted; nil where there is nothing now.
  public func nextAction() -> Action? { reader.next() }

  /// Learns the new size after SIGWINCH, and forgets what was shown.
  public func resize() -> Size {
    term_resize()
    shown = nil
    return size
  }

  /// Sends everything anew with the next grid: something else has written on the terminal.
  public func redraw() {
    term_forget()
    shown = nil
  }

  /// Gives the terminal back for a while: before the process stops itself. Waits a second at most, as `close()` does.
  public func suspend() { term_suspend() }

  /// Takes the terminal again after `suspend()`; its size may be another one.
  public func resume() {
    term_resume()
    shown = nil
  }

  /// Gives the terminal back for good. Safe to call twice.
  public func close() { term_close() }

  private func put(_ run: Range<Int>, of grid: Grid, row: Int) {
    cells.removeAll(keepingCapacity: true)
    for x in run {
      let cell = grid[x, row]
      let ink = palette?.ink(for: cell.style) ?? Palette.Ink(attributes: 0, pair: 0)
      cells.append(
        term_cell(scalar: cell.scalar, mark: cell.mark, attributes: ink.attributes, pair: ink.pair))
    }
    term_put(Int32(run.lowerBound), Int32(row), cells, Int32(cells.count))
  }

  private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

extension Grid {
  /// The columns of a row from the first to the last that changed, whole characters only; nil for none.
  func changedRun(inRow y: Int, since before: Grid?, width: Int) -> Range<Int>? {
    let width = min(width, size.width)
    guard width > 0 else { return nil }
    guard let before else { return 0..<width }
    guard var first = (0..<width).first(where: { self[$0, y] != before[$0, y] }),
      var last = (0..<width).last(where: { self[$0, y] != before[$0, y] })
    else { return nil }
    while first > 0, self[first, y].scalar == 0 || before[first, y].scalar == 0 { first -= 1 }
    while last + 1 < width, self[last + 1, y].scalar == 0 || before[last + 1, y].scalar == 0 { last += 1 }
    return first..<last + 1
  }
}
