# shellcheck shell=bash
# What the scripts say: all of it on stderr, so that stdout stays for results.

say() { printf '%s\n' "$*" >&2; }

heading() { printf '\n== %s\n' "$*" >&2; }

# die MESSAGE [WHAT TO DO]
die() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  [ $# -lt 2 ] || printf '%s\n' "$2" >&2
  exit 1
}

usage_error() {
  printf '%s: %s\nTry: %s --help\n' "${0##*/}" "$1" "$0" >&2
  exit 2
}
