"""Sums what llvm-cov says of lines up by room, prints a table, and checks it against what is wanted."""

import os
import sys

PURE = ["Cluster", "Wire", "Dashboard"]

# Path from Sources on: how often each line was run.
files = {}
for line in sys.stdin:
    key, _, value = line.strip().partition(":")
    if key == "SF":
        _, _, path = value.partition("/Sources/")
        lines = files.setdefault(path, {}) if path.endswith(".swift") else {}
    elif key == "DA":
        number, count = value.split(",")[:2]
        lines[int(number)] = max(int(count), lines.get(int(number), 0))

rooms = {}
for path, lines in files.items():
    missed = sorted(number for number, count in lines.items() if count == 0)
    rooms.setdefault(path.split("/")[0], []).append((len(missed), path, len(lines), missed))

failed = False
print(f"{'room':12} {'lines':>7} {'run':>7} {'':>7}  most of the others are in")
for room in sorted(rooms, key=lambda name: (name not in PURE, name)):
    if os.environ["PURE"] == "true" and room not in PURE:
        continue
    count = sum(file[2] for file in rooms[room])
    covered = count - sum(file[0] for file in rooms[room])
    share = 100 * covered / max(1, count)
    wanted = 95 if room in PURE else 80
    worst = ", ".join(f"{path.split('/')[-1]} ({missed})" for missed, path, *_ in sorted(rooms[room])[::-1][:3] if missed)
    failed |= share < wanted
    print(f"{room:12} {count:7} {covered:7} {share:6.1f}%  {worst}")


def spans(numbers):
    """Numbers that follow each other, as one."""
    result = []
    for number in numbers:
        if result and result[-1][1] == number - 1:
            result[-1][1] = number
        else:
            result.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in result)


if os.environ["MISSED"]:
    print()
    for path in sorted(files):
        missed = [number for number, count in files[path].items() if count == 0]
        if os.environ["MISSED"] in path and missed:
            print(f"{path}: {spans(sorted(missed))}")
sys.exit(1 if failed and os.environ["CHECK"] == "true" else 0)
