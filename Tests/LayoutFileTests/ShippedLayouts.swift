import Foundation

/// The layouts that the product ships, found from this file.
enum ShippedLayouts {
  static let names = [
    "demo", "scale-up", "active-active", "active-passive", "three-servers", "dedicated-tiers",
  ]

  static func path(_ name: String) -> String {
    var folder = URL(filePath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    return folder.appending(path: "Layouts/\(name).yaml").path
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path(name))))
  }
}
