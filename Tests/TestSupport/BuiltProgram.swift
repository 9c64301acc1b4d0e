import Foundation

/// The path of a program that was built together with the tests that run: of the same kind, also where that is one that
/// counts lines or looks after memory.
public func builtProgram(_ name: String) -> String {
  URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent(name).path
}
