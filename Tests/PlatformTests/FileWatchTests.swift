import Foundation
import Platform
import TestSupport
import Testing

struct FileWatchTests {
  private let scratch: Scratch
  private let loop: EventLoop
  private let path: String

  init() throws {
    scratch = try Scratch()
    loop = try EventLoop()
    path = scratch.file("log")
    try scratch.write("one", to: "log")
  }

  private func openToWrite() throws -> Owned {
    let raw = open(path, O_WRONLY | O_APPEND)
    guard raw >= 0 else { throw TestFailure("open") }
    return Owned(raw)
  }

  @Test func whatIsWrittenIsToldOfAndWhatIsReadIsNot() throws {
    var told = 0
    let watch = try FileWatch(path, for: .written, on: loop) { told += 1 }
    _ = try scratch.text("log")
    #expect(try !loop.runOnce(atMost: .zero))
    let file = try openToWrite()
    #expect(write(file.raw, "a", 1) == 1)
    #expect(write(file.raw, "b", 1) == 1)
    try loop.run(until: { told > 0 })
    // Several at a time are one.
    #expect(try !loop.runOnce(atMost: .zero))
    #expect(told == 1)
    withExtendedLifetime(watch) {}
  }

  @Test func whoCouldHaveWrittenIsToldOfWhenItLetsGo() throws {
    var told = 0
    let watch = try FileWatch(path, for: .letGo, on: loop) { told += 1 }
    var file: Owned? = try openToWrite()
    _ = try scratch.text("log")
    #expect(try !loop.runOnce(atMost: .zero))
    withExtendedLifetime(file) {}
    file = nil
    try loop.run(until: { told == 1 })
    withExtendedLifetime(watch) {}
  }

  @Test func whoWatchesNoMoreIsToldNothing() throws {
    var told = 0
    var watch: FileWatch? = try FileWatch(path, for: .written, on: loop) { told += 1 }
    withExtendedLifetime(watch) {}
    let file = try openToWrite()
    #expect(write(file.raw, "a", 1) == 1)
    watch = nil
    #expect(try !loop.runOnce(atMost: .zero))
    #expect(told == 0)
  }

  @Test func aFileThatIsNotThereCannotBeWatched() {
    #expect(throws: SystemError(errno: ENOENT, doing: "inotify_add_watch")) {
      try FileWatch("/no/such/file", for: .written, on: loop) {}
    }
  }
}
