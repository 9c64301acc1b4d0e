// Hours in minutes: the agent, the model, the recorder and the screens, on a clock that is moved by hand, against
// peers that answer, hang, refuse and restart by turns. Its arguments are a directory of its own, how many simulated
// minutes, and how many of them a line of its standard output is for: minutes, frames, open descriptors, memory in kB.
import Agent
import Cluster
import Dashboard
import Glibc
import History
import Platform
import TestSupport

let arguments = CommandLine.arguments
guard arguments.count == 4, let minutes = Int(arguments[2]), let part = Int(arguments[3]), part > 0 else {
  exit(2)
}

/// What a load balancer answers that has served so many requests since its start.
func reply(requests: Int, pid: Int, isDown: Bool) -> [UInt8] {
  let rows = (1...20).map { number in
    let isIll = isDown && number == 1
    return
      "web,web\(number),\(number % 4),\(requests / 20),\(isIll ? "DOWN" : "UP"),1,2,\(isIll ? "L4CON" : ""),"
  }
  let stat =
    ["# pxname,svname,scur,stot,status,weight,type,check_status,", "www,FRONTEND,9,\(requests),OPEN,,0,,"]
    + rows
    + ["web,BACKEND,9,\(requests),UP,20,1,,", "", ""]
  let info = "Name: HAProxy\nVersion: 2.6.12\nPid: \(pid)\nUptime_sec: 12\nnode: lb\n\n"
  let table =
    "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight\n\n"
  return Array(("admin\n\n\n" + info + stat.joined(separator: "\n") + table).utf8)
}

/// Something about this process; 0 where the system does not say.
func count(inDirectory path: String) -> Int {
  guard let directory = opendir(path) else { return 0 }
  defer { closedir(directory) }
  var count = 0
  while readdir(directory) != nil { count += 1 }
  return count
}

func residentKilobytes() -> Int {
  guard let file = fopen("/proc/self/statm", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 128)
  guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
  let words = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }.split(separator: 0x20)
  guard words.count > 1, let pages = Int(String(decoding: words[1], as: UTF8.self)) else { return 0 }
  return pages * Int(sysconf(Int32(_SC_PAGESIZE))) / 1024
}

do {
  let folder = arguments[1]
  let clock = ManualClock(wall: WallTime(nanoseconds: 1_700_000_000_000_000_000))
  let loop = try EventLoop(clock: clock)
  let names = ["lb1", "lb2", "lb3"]
  let layout = Layout(
    cluster: "endurance",
    tiers: [
      Layout.Tier(
        name: TierName("lb"),
        nodes: names.map { Layout.Node(name: NodeName($0), haproxy: .unix(path: "\(folder)/\($0)")) })
    ])
  let peers = try names.map { name in
    try FakePeer(
      path: "\(folder)/\(name)", script: .reply(reply(requests: 0, pid: 1, isDown: false)), loop: loop)
  }
  var options = Recorder.Options()
  options.isDurable = false
  // So that what is old is let go of all the time, and the store is no larger at the end than in the middle.
  options.policy.keep = .seconds(1800)
  let recorder = try Recorder(
    path: "\(folder)/endurance.db", cluster: "endurance", options: options, now: clock.now().wall
  ) { _ in layout }
  recorder.begin(layout: "cluster: endurance", description: "")
  var state = State(model: ClusterModel(layout: layout), preferences: ScreenPreferences(), look: Look())
  let sizes = [Size(width: 80, height: 24), Size(width: 140, height: 40), Size(width: 20, height: 5)]
  _ = update(&state, .resize(sizes[0]))
  var frames = 0
  let agent = Agent(plan: PollPlan(for: layout), loop: loop)
  agent.onFrame = { frame in
    frames += 1
    _ = update(&state, .frame(frame))
    if recorder.record(frame, state.presentSnapshot, events: state.takeNews()) != nil { exit(3) }
    if render(state, size: state.size).size != state.size { exit(5) }
  }
  agent.start()
  for second in 1...minutes * 60 {
    let requests = second * 100
    peers[0].script = .reply(reply(requests: requests, pid: 1, isDown: second / 90 % 4 == 3))
    // A reload every five minutes: another process, which begins to count anew.
    peers[1].script = .reply(reply(requests: requests % 30_000, pid: 1 + second / 300, isDown: false))
    peers[2].script =
      switch second / 20 % 5 {
      case 0: .hang(after: [1, 2, 3])
      case 1: .closeAtOnce
      case 2: .reply(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
      default: .reply(reply(requests: requests, pid: 1, isDown: false))
      }
    for peer in peers { peer.forgetRequests() }
    switch second % 60 {
    case 10: _ = update(&state, .key(.tab))
    case 20: _ = update(&state, .resize(sizes[second / 60 % sizes.count]))
    case 30: _ = update(&state, .key(.down))
    case 40: _ = update(&state, .key(.enter))
    case 50: _ = update(&state, .key(.escape))
    default: break
    }
    for _ in 0..<50 {
      clock.advance(by: .milliseconds(20))
      var rounds = 0
      while try loop.runOnce(atMost: .zero), rounds < 1000 { rounds += 1 }
    }
    if second % (part * 60) == 0 {
      print(second / 60, frames, count(inDirectory: "/proc/self/fd"), residentKilobytes())
      fflush(nil)
    }
  }
  agent.stop()
  recorder.close()
} catch {
  print("\(error)")
  exit(4)
}
