// Records frames into the store at the path of its first argument until it is killed, and says the number of
// each on its standard output as soon as it is acknowledged. The second argument is where the numbers begin.
import Cluster
import Glibc
import History

let arguments = CommandLine.arguments
guard arguments.count == 3, let begin = Int64(arguments[2]) else { exit(2) }
let layout = Layout(
  cluster: "harness",
  tiers: [
    Layout.Tier(
      name: TierName("web"),
      nodes: [Layout.Node(name: NodeName("web1"), nginx: .unix(path: "/run/web1.sock"))])
  ])
do {
  var options = Recorder.Options()
  options.isDurable = false
  let recorder = try Recorder(
    path: arguments[1], cluster: "harness", options: options, now: WallTime(nanoseconds: begin)
  ) { _ in layout }
  recorder.begin(layout: "cluster: harness", description: "")
  var model = ClusterModel(layout: layout)
  var number = begin
  while true {
    number += 1
    // A second of the clock each, so that minutes and hours end, and chunks are sealed, all the time.
    let at = Moment(
      wall: WallTime(nanoseconds: 1_700_000_000_000_000_000 + number * 1_000_000_000),
      uptime: Uptime(nanoseconds: number * 1_000_000_000))
    let status = StubStatus(
      active: number % 7, accepts: number * 3, handled: number * 3, requests: number * 11, reading: 0,
      writing: 1,
      waiting: number % 5)
    let frame = Frame(
      at: at,
      readings: [
        Reading(source: SourceID(0), at: at, took: .milliseconds(1), outcome: .sample(.web(status)))
      ])
    let events = model.advance(with: frame)
    if recorder.record(frame, model.snapshot, events: events) != nil { exit(3) }
    var line = Array("\(number)\n".utf8)
    if write(1, &line, line.count) != line.count { exit(0) }
  }
} catch {
  print("\(error)")
  exit(4)
}
