// Takes its terminal as the dashboard does, and makes the mistake that its argument names.
import Cluster
import Dashboard
import Glibc
import Terminal

/// Goes on until there is no stack left.
func descend(_ depth: Int) -> Int { depth == .max ? 0 : depth &+ descend(depth &+ 1) &+ 1 }

let arguments = CommandLine.arguments
let mistakes: [String: () -> Void] = [
  "index": { _ = arguments[arguments.count] },
  "overflow": { _ = Int.max - arguments.count + 3 },
  "precondition": { preconditionFailure("as it was asked to") },
  "stack": { exit(descend(0) == 0 ? 0 : 1) },
]
guard arguments.count == 2, let mistake = mistakes[arguments[1]] else { exit(2) }
do {
  let terminal = try Terminal()
  var canvas = Canvas(size: terminal.size)
  canvas.write("taken", x: 0, y: 0)
  let grid = canvas.finish()
  while !terminal.show(grid, theme: Theme(.dark)) { usleep(1000) }
  mistake()
} catch {
  print(error.words)
  exit(2)
}
