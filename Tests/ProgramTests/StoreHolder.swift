import Foundation
import Testing

/// Keeps everybody from writing into a store, as a program that copies it may; ended when a test lets go of it.
final class StoreHolder {
  private let process = Process()
  private let input = Pipe()

  private static let program = """
    import sqlite3, sys
    store = sqlite3.connect(sys.argv[1], isolation_level=None)
    store.execute("BEGIN IMMEDIATE")
    print("held", flush=True)
    sys.stdin.read()
    """

  init(_ store: String) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", StoreHolder.program, store]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try #require(!output.fileHandleForReading.availableData.isEmpty)
  }

  deinit { letGo() }

  func letGo() {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }
}
