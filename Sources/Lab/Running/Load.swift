import Cluster

/// The client that brings the demo to life: a gentle stream of requests with the shape of a day, shortened.
struct Load: Sendable, Hashable {
  /// Requests per second, mean.
  var rate: Double = 80
  /// From one quiet time to the next.
  var wave: Duration = .seconds(160)
  /// It ends by itself after this long, whatever becomes of the lab.
  var limit: Duration = .seconds(12 * 3600)

  /// What is asked for and how often, in parts of the whole.
  func pages(of plan: LabPlan) -> [(path: String, parts: Int)] {
    var pages = [("/", 24), ("/style.css", 14), ("/logo.svg", 14), ("/old-page.html", 2)]
    if let dynamic = plan.service(after: 0) {
      pages += [("/\(dynamic.tier)/", 24), ("/\(dynamic.tier)/search", 14), ("/\(dynamic.tier)/cart", 7)]
      pages += [("/\(dynamic.tier)/missing", 1)]
    }
    return pages
  }

  /// The text of `load.py`.
  func text(for plan: LabPlan) -> String {
    text(title: plan.title, entries: [plan.entry], pages: pages(of: plan))
  }

  /// The same for a site in namespaces, which has perhaps several addresses.
  func text(for plan: SitePlan) -> String {
    var pages = [("/", 24), ("/style.css", 14), ("/logo.svg", 14), ("/old-page.html", 2)]
    for group in plan.groups.dropFirst() {
      pages += [("/\(group.name)/", 24), ("/\(group.name)/search", 14), ("/\(group.name)/cart", 7)]
      pages += [("/\(group.name)/missing", 1)]
    }
    return text(title: plan.title, entries: plan.entries, pages: pages)
  }

  private func text(title: String, entries: [SocketAddress], pages: [(path: String, parts: Int)]) -> String {
    let pages = pages.map { "    (\"\($0.path)\", \($0.parts)),\n" }.joined()
    let places = entries.map { "(\"\($0.host)\", \($0.port))" }.joined(separator: ", ")
    return """
      # The load on \(title), written by `tiertop lab up`.
      import asyncio
      import ctypes
      import math
      import os
      import random
      import signal
      import sys
      import time

      ENTRIES = [\(places)]
      RATE = \(rate)  # requests per second, mean
      WAVE = \(wave / .seconds(1))  # seconds from one quiet time to the next
      LIMIT = \(limit / .seconds(1))  # seconds after which it ends by itself
      CONNECTIONS = 12  # kept open
      IN_FLIGHT = 64  # more requests than this are not sent, but left out
      PAGES = [
      \(pages)]


      def rate(t):
          \"""Requests per second at t seconds: a long wave, and a short one on top of it.\"""
          return RATE * (1 + 0.45 * math.sin(2 * math.pi * t / WAVE) + 0.08 * math.sin(2 * math.pi * t / 17))


      class Client:
          def __init__(self):
              self.idle = []
              self.in_flight = 0

          async def request(self, path):
              \"""One request on one of the open connections, or on a new one; one try.\"""
              reader = writer = None
              try:
                  # Any of the idle ones, not the last one: so that all load balancers see traffic.
                  while self.idle and writer is None:
                      reader, writer, left = self.idle.pop(random.randrange(len(self.idle)))
                      if reader.at_eof():
                          writer.close()
                          writer = None
                  if writer is None:
                      reader, writer = await asyncio.open_connection(*random.choice(ENTRIES))
                      left = random.randint(1, 30)
                  writer.write(b"GET " + path + b" HTTP/1.1\\r\\nHost: www\\r\\n\\r\\n")
                  head = await reader.readuntil(b"\\r\\n\\r\\n")
                  length, close = 0, left <= 1
                  for line in head.lower().split(b"\\r\\n"):
                      if line.startswith(b"content-length:"):
                          length = int(line[15:])
                      elif line.startswith(b"connection:") and b"close" in line:
                          close = True
                      elif line.startswith(b"transfer-encoding:"):
                          close = True
                  if length:
                      await reader.readexactly(length)
                  if not close and len(self.idle) < CONNECTIONS:
                      self.idle.append((reader, writer, left - 1))
                      writer = None
              except (OSError, EOFError, ValueError, asyncio.LimitOverrunError):
                  # A server that is taken away costs a request. That is what the dashboard is there to show.
                  pass
              finally:
                  self.in_flight -= 1
                  if writer is not None:
                      writer.close()


      async def main():
          client = Client()
          paths = [path.encode() for path, _ in PAGES]
          parts = [part for _, part in PAGES]
          tasks = set()
          start = due = time.monotonic()
          while due - start < LIMIT:
              await asyncio.sleep(max(0, due - time.monotonic()))
              if client.in_flight < IN_FLIGHT:
                  client.in_flight += 1
                  path = random.choices(paths, parts)[0]
                  task = asyncio.create_task(asyncio.wait_for(client.request(path), 20))
                  tasks.add(task)
                  task.add_done_callback(finished(tasks))
              due += random.expovariate(rate(due - start))
              # After a pause of the whole machine it goes on from now: no flood to catch up.
              due = max(due, time.monotonic() - 1)


      def finished(tasks):
          def done(task):
              tasks.discard(task)
              task.cancelled() or task.exception()

          return done


      # It ends with whoever started it.
      parent = int(sys.argv[1])
      ctypes.CDLL(None).prctl(1, signal.SIGKILL)
      if os.getppid() == parent:
          asyncio.run(main())

      """
  }
}
