import Foundation
import Testing

/// A visitor of a site who asks for a page again and again, on connections that he keeps and on new ones, and counts
/// what he was answered.
final class SteadyVisitor {
  private let process: Process
  private let output = Pipe()

  init(of address: String, path: String = "/", in site: RunningSite) throws {
    process = try site.start(
      in: "client", ["python3", "-c", SteadyVisitor.text, address, path], output: output)
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  /// Ends the visit: how often he asked, and what went wrong, each in a few words.
  func end() throws -> (asked: Int, failures: [String]) {
    kill(process.processIdentifier, SIGTERM)
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let lines = said.split(separator: "\n").map(String.init)
    return (Int(lines.last ?? "") ?? 0, Array(lines.dropLast()))
  }

  private static let text = """
    import http.client, signal, sys, time
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    ends = []
    signal.signal(signal.SIGTERM, lambda *_: ends.append(1))
    asked, kept = 0, None
    while not ends:
        isKept = asked % 2 == 0
        connection = kept if isKept and kept else http.client.HTTPConnection(sys.argv[1], timeout=10)
        asked += 1
        try:
            connection.request("GET", sys.argv[2])
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200: print("status", answer.status, flush=True)
            if not isKept: connection.close()
            kept = connection if isKept else kept
        except (OSError, http.client.HTTPException) as error:
            if not ends: print("request", asked, repr(error), flush=True)
            kept = None if isKept else kept
        time.sleep(0.01)
    print(asked, flush=True)
    """
}
