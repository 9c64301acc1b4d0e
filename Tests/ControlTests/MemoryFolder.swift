import Cluster
import Foundation
import Platform

@testable import Control

/// A private folder that is gone when the test is over, and what a program remembers in it.
final class MemoryFolder {
  let path = FileManager.default.temporaryDirectory.appending(path: "tiertop-\(UUID().uuidString)").path

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// What a program whose XDG_STATE_HOME is this folder uses.
  func state() throws(MemoryFailure) -> StateDirectory {
    try StateDirectory(environment: { $0 == "XDG_STATE_HOME" ? self.path : nil }, home: { nil })
  }

  func intents(_ onDamage: @escaping (IntentDamage) -> Void = { _ in }) throws(MemoryFailure) -> IntentFile {
    IntentFile(
      directory: try state(), cluster: "shop",
      clock: ManualClock(wall: WallTime(nanoseconds: 1_795_262_400_000_000_000)), onDamage: onDamage)
  }

  static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

  static func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

  static func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

  static func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
  }

  static func mode(_ path: String) throws -> Int {
    try (FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int) ?? -1
  }

  /// The names in the folder of the state.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/tiertop").sorted()
  }
}

/// A wish of anna's on a server of lb1.
func intent(
  _ server: String, _ wish: Intent.Wish = .drain, balancer: String = "lb1", note: String = "",
  at second: Int64 = 0
) -> Intent {
  Intent(
    row: ServerRow(balancer: NodeName(balancer), server: ServerID(backend: "web", server: server)),
    wish: wish,
    actor: Actor(user: "anna", host: "bastion", terminal: "pts/3"), note: note,
    since: WallTime(nanoseconds: (1_795_262_400 + second) * 1_000_000_000))
}
