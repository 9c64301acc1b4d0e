import TestSupport
import Testing

@testable import Agent

struct ReplyBufferTests {
  private func fill(_ buffer: inout ReplyBuffer, with count: Int) {
    var left = count
    while left > 0 {
      left -= buffer.fill { room in
        let count = min(room.count, left)
        for index in 0..<count { room[index] = 7 }
        return count
      }
    }
  }

  @Test func itGrowsGeometricallyAndKeepsItsRoom() {
    var buffer = ReplyBuffer(limit: 1 << 26)
    fill(&buffer, with: 1_000_000)
    #expect(buffer.count == 1_000_000)
    let capacity = buffer.capacity
    #expect(capacity < 2_100_000)
    buffer.clear()
    #expect(buffer.count == 0)
    fill(&buffer, with: 1_000_000)
    #expect(buffer.capacity == capacity)
  }

  @Test func itShrinksWhenItHasLongBeenFarTooLarge() {
    var buffer = ReplyBuffer(limit: 1 << 26)
    fill(&buffer, with: 10_000_000)
    for _ in 0..<2 * ReplyBuffer.window {
      buffer.clear()
      fill(&buffer, with: 1000)
    }
    #expect(buffer.capacity == ReplyBuffer.firstCapacity)
    #expect(buffer.withBytes { $0.count } == 1000)
  }

  @Test func itNeverTakesMoreRoomThanOneByteBeyondItsLimit() {
    var buffer = ReplyBuffer(limit: 100_000)
    fill(&buffer, with: 100_000)
    #expect(!buffer.isOverLimit)
    fill(&buffer, with: 1)
    #expect(buffer.isOverLimit)
    #expect(buffer.capacity == 100_001)
  }

  @Test func piecesAreTakenUpToTheLimit() {
    var buffer = ReplyBuffer(limit: 10)
    let piece: [UInt8] = [1, 2, 3, 4, 5, 6]
    #expect(piece.withUnsafeBytes { buffer.append($0) })
    #expect(!piece.withUnsafeBytes { buffer.append($0) })
    #expect(buffer.isOverLimit)
    buffer.clear()
    #expect(piece.withUnsafeBytes { buffer.append($0) })
    #expect(buffer.withBytes { bytes in bytes.indices.map { bytes[$0] } } == piece)
  }
}
