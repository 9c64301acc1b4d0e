// swift-tools-version: 6.2

import PackageDescription

/// One set of rules for every Swift target: Swift 6 mode, nothing implicit, no warnings.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// A pure room or a room with resources: a Swift target under Sources/.
func room(_ name: String, uses dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A C target: the only place that sees the headers of the library it wraps. It uses CSystem at most.
func shim(
  _ name: String, uses dependencies: [Target.Dependency] = [], links libraries: [String] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, linkerSettings: libraries.map { .linkedLibrary($0) })
}

/// The tests of one room, with what all tests share; `data` are the folders beside them that hold what they compare with.
func tests(of room: String, uses more: [Target.Dependency] = [], data: [String] = []) -> Target {
  .testTarget(
    name: "\(room)Tests", dependencies: [.byName(name: room), "TestSupport"] + more, exclude: data,
    swiftSettings: strict)
}

let package = Package(
  name: "tiertop",
  products: [.executable(name: "tiertop", targets: ["tiertop"])],
  targets: [
    // Arrows point down this list only.
    .executableTarget(
      name: "tiertop",
      dependencies: [
        "Lab", "Dashboard", "Terminal", "Control", "History", "Agent", "LayoutFile", "Wire", "Platform",
        "Cluster",
        "CSystem",
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "Dashboard", "History", "Wire", "Platform", "Cluster", "CBenchmark", "CSQLite", "CZstd",
      ],
      swiftSettings: strict),

    room("Lab", uses: ["LayoutFile", "Wire", "Platform", "Cluster", "CSystem"]),
    room("Terminal", uses: ["Dashboard", "Cluster", "CTerminal"]),
    room("Dashboard", uses: ["Cluster"]),
    room("Control", uses: ["Agent", "Wire", "Platform", "Cluster", "CSystem"]),
    room("History", uses: ["Wire", "Platform", "Cluster", "CSQLite", "CZstd"]),
    room("Agent", uses: ["Wire", "Platform", "Cluster", "CCurl", "CMariaDB", "CPostgres", "CSystem"]),
    room("LayoutFile", uses: ["Cluster", "CYAML"]),
    room("Wire", uses: ["Cluster"]),
    room("Platform", uses: ["Cluster", "CSystem"]),
    room("Cluster", uses: []),

    shim("CTerminal", links: ["ncursesw", "tinfo"]),
    shim("CYAML", links: ["yaml"]),
    shim("CCurl", uses: ["CSystem"], links: ["dl"]),
    shim("CMariaDB", uses: ["CSystem"], links: ["dl"]),
    shim("CPostgres", links: ["dl"]),
    shim("CSQLite", links: ["sqlite3"]),
    shim("CZstd", links: ["zstd"]),
    shim("CBenchmark"),
    // What all the others may use.
    shim("CSystem"),

    .target(
      name: "TestSupport", dependencies: ["Platform", "Cluster", "CSystem"], path: "Tests/TestSupport",
      swiftSettings: strict),
    tests(of: "Cluster", uses: ["Wire"]),
    tests(of: "Wire", uses: ["Cluster"], data: ["Fixtures"]),
    tests(of: "LayoutFile", uses: ["Cluster"], data: ["Diagrams"]),
    tests(of: "Platform", uses: ["Cluster", "CSystem"]),
    tests(of: "Control", uses: ["Agent", "Platform", "Wire", "Cluster", "CSystem"]),
    tests(of: "History", uses: ["Platform", "Wire", "Cluster", "CSQLite", "CFaultyDisk", "RecorderHarness"]),
    // Disks that fail when they are told to, and a program that records until it is killed.
    .target(name: "CFaultyDisk", dependencies: ["CSQLite"], path: "Tests/CFaultyDisk"),
    .executableTarget(
      name: "RecorderHarness", dependencies: ["History", "TestSupport", "Cluster"],
      path: "Tests/RecorderHarness", swiftSettings: strict),
    tests(of: "Agent", uses: ["Platform", "Wire", "Cluster", "CSystem"]),
    tests(of: "Dashboard", uses: ["Wire", "Cluster"], data: ["Screens"]),
    tests(of: "Terminal", uses: ["Dashboard", "Cluster", "CTerminal"]),
    tests(of: "Lab", uses: ["LayoutFile", "Platform", "Cluster"], data: ["Goldens", "Checks"]),
    // Simulated hours of the whole but for the terminal, in a process of its own.
    .executableTarget(
      name: "EnduranceHarness",
      dependencies: ["Dashboard", "History", "Agent", "Platform", "Cluster", "TestSupport"],
      path: "Tests/EnduranceHarness", swiftSettings: strict),
    // Takes the terminal, and makes a mistake that ends it.
    .executableTarget(
      name: "TerminalHarness", dependencies: ["Terminal", "Dashboard", "Cluster"],
      path: "Tests/TerminalHarness",
      swiftSettings: strict),
    // Whole-program tests: they run the built product, and import nothing of it.
    .testTarget(
      name: "ProgramTests", dependencies: ["tiertop", "EnduranceHarness", "TerminalHarness", "TestSupport"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)

/// Fuzzers of some rooms, all in one executable.
func fuzzers(_ name: String, of rooms: [Target.Dependency]) -> Target {
  .executableTarget(
    name: "\(name)Fuzzers", dependencies: rooms + ["FuzzerKit"], path: "Tests/Fuzzers/\(name)",
    swiftSettings: strict,
    // gold fails at the symbols of the sanitizer.
    linkerSettings: [.unsafeFlags(["-use-ld=lld"])])
}

// Only where Scripts/fuzz asks for them: they need a build of their own, with libFuzzer in it.
if Context.environment["TIERTOP_FUZZERS"] != nil {
  package.targets += [
    .target(name: "CFuzzer", path: "Tests/CFuzzer"),
    .target(
      name: "FuzzerKit", dependencies: ["Cluster", "CFuzzer"], path: "Tests/Fuzzers/Kit",
      swiftSettings: strict),
    fuzzers("Reply", of: ["Wire", "Cluster"]),
    fuzzers(
      "Local",
      of: [
        "Terminal", "Dashboard", "Control", "History", "LayoutFile", "Wire", "Platform", "Cluster",
        "CTerminal",
      ]),
  ]
}
