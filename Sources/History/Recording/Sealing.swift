/// Seals the chunks that are complete, a little with each tick: about as much as the tick adds to what is to be sealed,
/// and more where several wait for it. What one tick did too much the next ones do less.
struct Sealing {
  private var sealer: Sealer?
  /// Chunks that are complete and not sealed, that one too that is being sealed.
  private var unsealed: Int
  /// How much is to be sealed now, as `Work` counts it; below zero where more than that is done already.
  private var surplus = 0

  /// - Parameter unsealed: how many chunks a recorder before this one has left.
  init(unsealed: Int) {
    self.unsealed = unsealed
  }

  /// Notes that another chunk is complete.
  mutating func chunkEnded() { unsealed += 1 }

  /// What a tick does; false where there is nothing to seal.
  ///
  /// - Parameters:
  ///   - bytes: of the tick's row.
  ///   - open: the chunk that is still written.
  mutating func step(
    row bytes: Int, besides open: Int64, _ database: Database, _ zstd: Zstd
  ) throws(StoreFailure) -> Bool {
    guard try find(besides: open, database) else {
      surplus = 0
      return false
    }
    let least = max(sealer?.pace ?? 0, bytes * Work.whole)
    surplus += least * (3 + unsealed) / 4
    while surplus > 0, try find(besides: open, database) { try seal(database, zstd) }
    return true
  }

  /// Whether there is a chunk to be sealed.
  private mutating func find(besides open: Int64, _ database: Database) throws(StoreFailure) -> Bool {
    if sealer != nil { return true }
    guard let oldest = try database.number("SELECT chunk FROM ticks ORDER BY sequence LIMIT 1"),
      oldest != open
    else { return false }
    sealer = try Sealer(chunk: oldest, in: database)
    return true
  }

  /// Seals some of it.
  private mutating func seal(_ database: Database, _ zstd: Zstd) throws(StoreFailure) {
    guard var work = sealer else { return }
    // Taken out while it is changed, so that nothing is copied.
    sealer = nil
    do {
      if try work.step(&surplus, database, zstd) {
        unsealed = max(0, unsealed - 1)
        return
      }
    } catch {
      guard case .damaged(_, let words) = error else { throw error }
      try work.giveUp(database, words)
    }
    sealer = work
  }
}
