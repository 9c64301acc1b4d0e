import Cluster
import Foundation
import LayoutFile
import Testing

struct LayoutFileTests {
  /// A folder that is gone when the test is over.
  final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: "layout-\(UUID().uuidString)").path

    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ text: String) throws -> String {
      let file = path + "/\(UUID().uuidString).yaml"
      try Data(text.utf8).write(to: URL(filePath: file))
      return file
    }
  }

  let good = "cluster: c\ntiers: [{ tier: t, nodes: [{ node: n }] }]\n"

  func error(_ text: String) -> LayoutFileError? {
    do {
      _ = try LayoutFile.layout(from: Array(text.utf8))
      return nil
    } catch { return error }
  }

  @Test func aFileThatIsNotThereSaysSo() {
    let report = LayoutCheck.report(path: "/nonexistent/layout.yaml")
    #expect(report.lines == ["/nonexistent/layout.yaml: no such file"])
    #expect(report.exitStatus == 2)
  }

  @Test func directoriesAndDevicesAreRefusedWithAReason() throws {
    let folder = try Folder()
    #expect(throws: LayoutFileError.notAFile(.directory)) { try LayoutFile.read(path: folder.path) }
    #expect(throws: LayoutFileError.notAFile(.device)) { try LayoutFile.read(path: "/dev/zero") }
    #expect(throws: LayoutFileError.notAFile(.device)) { try LayoutFile.read(path: "/dev/null") }
    #expect(
      LayoutCheck.report(path: "/dev/zero").lines == ["/dev/zero: found a device, expected a layout file"])
  }

  @Test(arguments: [
    (LayoutFileError.unreadable(errno: EACCES), "f: permission denied"),
    (.unreadable(errno: ELOOP), "f: too many symbolic links"),
    (.unreadable(errno: EIO), "f: cannot be read: system error 5"),
    (.notAFile(.socket), "f: found a socket, expected a layout file"),
    (.unfinished(after: .seconds(10)), "f: a pipe that nobody finished within 10s"),
  ])
  func everyReasonOfTheSystemHasItsWords(error: LayoutFileError, words: String) {
    #expect(error.wording(in: "f") == [words])
  }

  @Test func aFileOfAHundredMegabytesIsRefusedUnread() throws {
    let folder = try Folder()
    let path = try folder.file(good)
    #expect(truncate(path, 100_000_000) == 0)
    #expect(throws: LayoutFileError.tooLarge(limit: LayoutFile.limit)) { try LayoutFile.read(path: path) }
    #expect(LayoutCheck.report(path: path).lines == ["\(path): not a layout: larger than 1024 KiB"])
  }

  @Test func aFileThatFillsTheLimitIsReadAndOneByteMoreIsNot() throws {
    let folder = try Folder()
    let padding = String(repeating: "#", count: LayoutFile.limit - good.utf8.count)
    #expect(try LayoutFile.read(path: try folder.file(good + padding)).cluster == "c")
    let path = try folder.file(good + padding + "#")
    #expect(throws: LayoutFileError.tooLarge(limit: LayoutFile.limit)) { try LayoutFile.read(path: path) }
  }

  @Test func aPipeIsReadToItsEnd() throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data(good.utf8))
    try pipe.fileHandleForWriting.close()
    let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
    #expect(try LayoutFile.read(path: path).cluster == "c")
  }

  @Test(arguments: [
    "root:$6$hunter2$abcdefgh:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n",
    "root: $6$hunter2\nclusters: hunter2\n", "hunter2", "- hunter2\n- { hunter2: hunter2 }", "{ hunter2",
    "-----BEGIN hunter2 KEY-----\nhunter2==\n-----END hunter2 KEY-----\n", "hunter2: [",
    "hunter2: &hunter2 x",
    "!hunter2 x", "*hunter2", "\"hunter2\\q\"", "%hunter2 x\n", "hunter2:\n\thunter2: x", "key: hunter2: x",
    "hunter2\n: x\nhunter2\n", "|hunter2\n", "@hunter2", "`hunter2`", "cluster: hunter2: x", "a: 'hunter2",
    "? hunter2\n? hunter2\n", "%YAML 9.9 hunter2\n--- x\n", "hunter2: x\nhunter2: x\n",
  ])
  func whatIsNotALayoutIsNeverShown(text: String) throws {
    let folder = try Folder()
    let path = try folder.file(text)
    let report = LayoutCheck.report(path: path)
    #expect(!report.isGood)
    #expect(report.lines.count == 1)
    #expect(report.lines.allSatisfy { !$0.contains("hunter2") }, "\(report.lines)")
    #expect(report.lines.allSatisfy { $0.contains("not a layout") }, "\(report.lines)")
  }

  @Test func whatIsNotYAMLHasItsPlace() {
    let place = Place(line: 3, column: 1)
    #expect(error("cluster: c\ntiers:\n\t- a\n") == .notYAML(.tab(at: place)))
    #expect(
      error("cluster: c\ntiers: [\n").map { $0.wording(in: "f") }?.first?.hasPrefix("f:3:1: not a layout:")
        == true)
    #expect(error("") == .notYAML(.empty))
    #expect(error("# nothing\n") == .notYAML(.empty))
    #expect(error("--- \n") == .notALayout(at: Place(line: 2, column: 1)))
  }

  @Test func bytesThatAreNoTextHaveTheirPlace() {
    for bytes in [[0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0x00], [0x1B]] as [[UInt8]] {
      #expect(throws: LayoutFileError.self) {
        try LayoutFile.layout(from: Array("cluster: c\nä: ".utf8) + bytes)
      }
      do {
        _ = try LayoutFile.layout(from: Array("cluster: c\nä: ".utf8) + bytes)
      } catch {
        #expect(error.wording(in: "f")[0].hasPrefix("f:2:4: not a layout: not YAML"), "\(error)")
      }
    }
  }

  @Test(arguments: ["[", "{ a: ", "- ", "? "])
  func deepNestingEndsAtItsLimit(opening: String) {
    let text = "cluster: c\ntiers: c\nx:\n " + String(repeating: opening, count: 100_000)
    guard case .notYAML(.tooDeep(limit: 32, at: let place)) = error(text) else {
      Issue.record("expected a limit")
      return
    }
    #expect(place.line == 4)
  }

  @Test func tooManyValuesEndAtTheirLimit() {
    let text = "cluster: c\ntiers: [" + String(repeating: "a,", count: 200_000) + "]"
    guard case .notYAML(.tooManyNodes(limit: 100_000, at: _)) = error(text) else {
      Issue.record("expected a limit")
      return
    }
  }

  @Test func aliasesMultiplyNothing() {
    var text = "cluster: c\na0: &a0 [x, x]\n"
    for level in 1..<30 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    guard case .mistakes(let mistakes) = error(text) else {
      Issue.record("expected mistakes")
      return
    }
    #expect(mistakes.count { $0.fact == .refused(.alias) } == 58)
    #expect(mistakes.count { $0.fact == .refused(.anchor) } == 30)
  }

  @Test func aFileOfNothingButMistakesIsReportedWhole() {
    var text = "cluster: c\ntiers:\n - tier: t\n   nodes:\n"
    for number in 0..<9000 { text += "   - { node: n\(number), role: replica, of: m\(number) }\n" }
    guard case .mistakes(let mistakes) = error(text) else {
      Issue.record("expected mistakes")
      return
    }
    #expect(mistakes.count == 9000)
  }
}
