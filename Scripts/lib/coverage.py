"""Sums what llvm-cov says of files up by room, prints a table, and checks it against what is wanted."""

import json
import os
import sys

PURE = ["Cluster", "Wire", "Dashboard"]
# What goes through these is another process, or is no part of the program.
FREE = ["tiertop", "Lab", "Benchmarks"]

rooms = {}
for file in json.load(sys.stdin)["data"][0]["files"]:
    parts = file["filename"].split("/Sources/")
    if len(parts) != 2 or not parts[1].endswith(".swift"):
        continue
    room = parts[1].split("/")[0]
    lines = file["summary"]["lines"]
    entry = rooms.setdefault(room, [0, 0, []])
    entry[0] += lines["covered"]
    entry[1] += lines["count"]
    entry[2].append((lines["count"] - lines["covered"], parts[1]))

failed = False
print(f"{'room':12} {'lines':>7} {'run':>7} {'':>7}  least of them")
for room in sorted(rooms, key=lambda name: (name not in PURE, name)):
    if os.environ["PURE"] == "true" and room not in PURE:
        continue
    covered, count, files = rooms[room]
    share = 100 * covered / max(1, count)
    wanted = 95 if room in PURE else 0 if room in FREE else 80
    worst = ", ".join(f"{name.split('/')[-1]} ({missed})" for missed, name in sorted(files)[::-1][:3] if missed)
    failed |= share < wanted
    print(f"{room:12} {count:7} {covered:7} {share:6.1f}%  {worst}")
sys.exit(1 if failed and os.environ["CHECK"] == "true" else 0)
