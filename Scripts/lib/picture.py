"""picture.py SCREEN FILE: turns what tmux captured (text with escape sequences) into an SVG."""

import io
import pathlib
import sys

from rich.console import Console
from rich.text import Text

lines = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
console = Console(
    record=True, width=140, file=io.StringIO(), force_terminal=True, color_system="truecolor",
    legacy_windows=False,
)
for line in lines:
    console.print(Text.from_ansi(line), no_wrap=True, overflow="crop", soft_wrap=True)
# The same identifiers each time, so that a new picture differs only where the screen does.
console.save_svg(sys.argv[2], title="tiertop", unique_id="tiertop")
