import Foundation
import Testing

extension ProgramTests {
  /// The unit of the daemon.
  @Suite struct PackagingTests {
    private let unit = package.appendingPathComponent("Packaging/tiertop.service")

    @Test func itHasTheKeysThatTheDaemonReliesOn() throws {
      let lines = try String(contentsOf: unit, encoding: .utf8).split(separator: "\n").map(String.init)
      for key in [
        "Type=notify", "DynamicUser=yes", "StateDirectory=tiertop", "ProtectSystem=strict",
        "Restart=on-failure", "WatchdogSec=30s", "ExecReload=/bin/kill -HUP $MAINPID", "NoNewPrivileges=yes",
        "ExecStart=/usr/bin/tiertop agent /etc/tiertop/layout.yaml", "UMask=0077",
      ] {
        #expect(lines.contains(key), "\(key)")
      }
      let families = try #require(lines.first { $0.hasPrefix("RestrictAddressFamilies=") })
      for family in ["AF_UNIX", "AF_INET", "AF_INET6"] { #expect(families.contains(family)) }
      // No key stands there twice, and none without a value but those that empty a list.
      let keys = lines.filter { !$0.hasPrefix("#") && $0.contains("=") }.map { $0.prefix { $0 != "=" } }
      #expect(Set(keys).count == keys.count)
    }

    @Test func systemdTakesIt() throws {
      let verifier = ["/usr/bin", "/bin"].map { $0 + "/systemd-analyze" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
      // Where there is no systemd there is nobody whose opinion would count.
      guard let verifier else { return }
      let memory = try OwnMemory()
      let copy = memory.directory.appendingPathComponent("tiertop.service")
      // It looks whether the program is there, too.
      try String(contentsOf: unit, encoding: .utf8)
        .replacingOccurrences(of: "/usr/bin/tiertop", with: program)
        .write(to: copy, atomically: true, encoding: .utf8)
      let outcome = try run(verifier, ["verify", "--man=no", copy.path])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(!outcome.errors.contains("tiertop.service"), "\(outcome.errors)")
    }
  }
}
