"""picture.py SCREEN FILE: what tmux captured of a terminal (capture-pane -e -p -N), as an SVG.

Every run of cells gets its own place and length, so that the grid stands whatever font a reader has.
"""

import re
import sys
import unicodedata
from html import escape

CELL_WIDTH, CELL_HEIGHT, MARGIN = 8.4, 18, 14
BACKGROUND, FOREGROUND = "#17191c", "#d6d8da"
STEPS = [0, 95, 135, 175, 215, 255]
ANSI = [
    "#17191c", "#d75f5f", "#5fd75f", "#d7af5f", "#5f87d7", "#af87d7", "#5fafaf", "#bcbcbc",
    "#6c6c6c", "#ff8787", "#87ff87", "#ffd787", "#87afff", "#d7afff", "#87d7d7", "#ffffff",
]  # fmt: skip


def indexed(index):
    """The colour at a place of the 256-colour palette."""
    if index < 16:
        return ANSI[index]
    if index >= 232:
        return "#" + f"{8 + 10 * (index - 232):02x}" * 3
    index -= 16
    return "#" + "".join(f"{STEPS[part]:02x}" for part in (index // 36, index // 6 % 6, index % 6))


class Pen:
    def __init__(self):
        self.reset()

    def reset(self):
        self.colour, self.ground, self.bold, self.dim, self.underline, self.reverse = (None, None) + (False,) * 4

    def take(self, codes):
        """Heeds the numbers of one SGR sequence."""
        codes = [int(code or 0) for code in codes.split(";")]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.reset()
            elif code in (1, 2, 4, 7):
                setattr(self, {1: "bold", 2: "dim", 4: "underline", 7: "reverse"}[code], True)
            elif code == 22:
                self.bold = self.dim = False
            elif code in (24, 27):
                setattr(self, {24: "underline", 27: "reverse"}[code], False)
            elif code in (38, 48):
                kind = codes.pop(0)
                if kind == 5:
                    colour = indexed(codes.pop(0))
                else:
                    colour = "#" + "".join(f"{codes.pop(0):02x}" for _ in range(3))
                setattr(self, "colour" if code == 38 else "ground", colour)
            elif code in (39, 49):
                setattr(self, "colour" if code == 39 else "ground", None)
            elif 30 <= code <= 37 or 90 <= code <= 97:
                self.colour = ANSI[code - 30 if code < 90 else code - 82]
            elif 40 <= code <= 47 or 100 <= code <= 107:
                self.ground = ANSI[code - 40 if code < 100 else code - 92]

    def style(self):
        colour, ground = self.colour or FOREGROUND, self.ground
        if self.reverse:
            colour, ground = ground or BACKGROUND, colour
        return colour, ground, self.bold, self.dim, self.underline


def width(character):
    return 2 if unicodedata.east_asian_width(character) in "WF" else 0 if unicodedata.combining(character) else 1


def runs(line, pen):
    """(column, text, style) of each stretch without blanks at its ends and of one style."""
    column, start, text, style = 0, 0, "", None
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            pen.take(part[2:-1])
            continue
        for character in part:
            if pen.style() != style or character == " ":
                if text:
                    yield start, text, style
                start, text, style = column, "", pen.style()
            if character != " " or style[1]:
                if not text:
                    start = column
                text += character
            column += width(character)
    if text:
        yield start, text, style


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = file.read().rstrip("\n").split("\n")
    while lines and not re.sub(r"\x1b\[[0-9;]*m", "", lines[-1]).strip():
        lines.pop()
    columns = max(sum(map(width, re.sub(r"\x1b\[[0-9;]*m", "", line))) for line in lines)
    full = columns * CELL_WIDTH + 2 * MARGIN, len(lines) * CELL_HEIGHT + 2 * MARGIN
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full[0]:.1f} {full[1]}" font-size="14"'
        " font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\">",
        f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>',
    ]
    pen = Pen()
    for row, line in enumerate(lines):
        top = MARGIN + row * CELL_HEIGHT
        for column, text, (colour, ground, bold, dim, underline) in runs(line, pen):
            cells = sum(map(width, text))
            left, length = MARGIN + column * CELL_WIDTH, cells * CELL_WIDTH
            if ground:
                out.append(
                    f'<rect x="{left:.1f}" y="{top}" width="{length:.1f}" height="{CELL_HEIGHT}" fill="{ground}"/>'
                )
            if not text.strip():
                continue
            looks = (' font-weight="bold"' if bold else "") + (' opacity="0.6"' if dim else "")
            looks += ' text-decoration="underline"' if underline else ""
            out.append(
                f'<text x="{left:.1f}" y="{top + 13.5}" textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs"'
                f' xml:space="preserve" fill="{colour}"{looks}>{escape(text)}</text>'
            )
    out.append("</svg>")
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")


main()
