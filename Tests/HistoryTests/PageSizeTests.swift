import Cluster
import TestSupport
import Testing

@testable import History

/// Small pages are less to write each tick; stores that were made with larger ones are recorded into as they are.
struct PageSizeTests {
  @Test func aNewStoreHasSmallPages() throws {
    let store = try Store()
    try store.open()
    store.record(3)
    #expect(try Database(path: store.path, mode: .reading).number("PRAGMA page_size") == 1024)
  }

  @Test func aStoreWithLargerPagesIsGoneOnWith() throws {
    let store = try Store()
    do {
      try StoreFiles.create(store.path)
      let database = try Database(path: store.path, mode: .recording)
      try database.run("PRAGMA page_size=4096")
      try database.run("PRAGMA auto_vacuum=2")
      try database.run("PRAGMA journal_mode=WAL")
      try database.transaction { () throws(StoreFailure) in
        try database.run("CREATE TABLE made(a)")
        try database.run("DROP TABLE made")
      }
    }
    try store.open()
    store.record(100)
    store.close()
    #expect(try Database(path: store.path, mode: .reading).number("PRAGMA page_size") == 4096)
    #expect(try store.pictures() == store.frames.map(FramePicture.init))
  }
}
