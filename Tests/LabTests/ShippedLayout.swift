import Cluster
import Foundation
import LayoutFile

/// A layout that the product ships, found from this file.
func shippedLayout(_ name: String) throws -> Layout {
  var folder = URL(filePath: #filePath)
  for _ in 0..<3 { folder.deleteLastPathComponent() }
  return try LayoutFile.read(path: folder.appending(path: "Layouts/\(name).yaml").path)
}

let shippedLayouts = [
  "demo", "scale-up", "active-active", "active-passive", "three-servers", "dedicated-tiers",
]
