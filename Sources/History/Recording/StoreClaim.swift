import Glibc
import Platform

/// A daemon's wish to record into a store, where somebody else does: as long as this lives. A dashboard that
/// records lets go of the store then, and none takes it.
///
/// Like the right to record it is a lock of the kernel's, on `STORE.next`: a wish ends with who has it.
public final class StoreClaim {
  private let file: Int32

  /// - Throws: `recordedByAnother` where another program waits already; `readOnly`, `full`, `system`.
  public init(store: String) throws(StoreFailure) {
    let path = store + ".next"
    let file = try StoreFiles.openBeside(store, path)
    guard StoreLock.take(file) else {
      let failure: StoreFailure =
        errno == EWOULDBLOCK
        ? .recordedByAnother(path: store, StoreLock.holder(ofStore: store))
        : .system(path: path, SystemError(errno: errno, doing: "lock"))
      close(file)
      throw failure
    }
    self.file = file
  }

  deinit { StoreLock.letGo(of: file) }

  /// Whether somebody waits for a store; false where that cannot be told.
  public static func isMade(onStore store: String) -> Bool { StoreLock.isHeld(path: store + ".next") }
}
