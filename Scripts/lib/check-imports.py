"""Holds the rooms to the arrows of Package.swift: a room imports what it is given there, and nothing else.

Pure rooms import other rooms only: no C library, no Glibc, no Foundation. No room imports Foundation.
"""

import json
import pathlib
import re
import subprocess
import sys

PURE = {"Cluster", "Wire", "Dashboard"}
# What a room with resources may use of the toolchain.
SYSTEM = {"Glibc", "Synchronization"}

IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)"
)


def main():
    description = subprocess.run(
        ["swift", "package", "describe", "--type", "json"], check=True, stdout=subprocess.PIPE
    ).stdout
    targets = [t for t in json.loads(description)["targets"] if t["path"].startswith("Sources/")]
    mistakes = []
    for target in targets:
        given = set(target.get("target_dependencies", []))
        if target["name"] in PURE:
            outside = given - PURE
            mistakes += [f"Package.swift: the pure room {target['name']} is given {room}" for room in outside]
            allowed = given & PURE
        else:
            allowed = given | SYSTEM
        for file in sorted(pathlib.Path(target["path"]).rglob("*.swift")):
            in_text = False
            for number, line in enumerate(file.read_text().splitlines(), 1):
                # A program in another language, as a text of several lines, has imports of its own.
                delimiters = line.replace('\\"""', "").count('"""')
                match = None if in_text else IMPORT.match(line)
                in_text ^= delimiters % 2 == 1
                if match and match[1] not in allowed:
                    mistakes.append(f"{file}:{number}: {target['name']} may not import {match[1]}")
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    sys.exit(1 if mistakes else 0)


main()
